"""The settings of the health side as the tests run them."""

import os

os.environ.setdefault("DATABASE_URL", "postgresql:///tiemchung_test")
os.environ.setdefault("TIEMCHUNG_SECRET_KEY", "tests-only")
os.environ.setdefault("TIEMCHUNG_POPULATION_SECRET", "tests-only")

from tiemchung.ground.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Argon2 is slow on purpose
