"""The settings of the health side as the tests run them."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("DATABASE_URL", "postgresql:///tiemchung_test")
os.environ.setdefault("TIEMCHUNG_SECRET_KEY", "tests-only")
os.environ.setdefault("TIEMCHUNG_DATA_KEYS", "tests-only-tests-only-tests-only-")
os.environ.setdefault("TIEMCHUNG_POPULATION_SECRET", "tests-only")
os.environ.setdefault("TIEMCHUNG_SECURE", "0")
os.environ.setdefault("TIEMCHUNG_SECOND_FACTOR", "0")  # tests of it ask for it

from tiemchung.ground.settings import *  # noqa: F403
from tiemchung.ground.settings import INSTALLED_APPS as PLATFORM

# The population side has its own process and store; to test its rules in this process, its tables stand here too.
INSTALLED_APPS = [*PLATFORM, "tiemchung.population"]
POPULATION_KEY = "tests-only, of the other side"
SLIP_KEY, _PUBLIC = "c2xpcCBrZXkgb2YgdGhlIHRlc3RzLCAzMiBieXRlcy4", "lVEByvSCx1nZ9AsKU5li2IrzY_GOwpq_znJYKNirnCg"
SLIP_KEYS = [_PUBLIC]
POPULATION_WORK = Path(tempfile.gettempdir()) / f"tiemchung-population-work-{os.getuid()}"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Argon2 is slow on purpose
