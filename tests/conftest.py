"""What every test may use."""

pytest_plugins = ["tests.database", "tests.practice", "tests.played", "tests.hardware"]
