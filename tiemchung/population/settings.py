"""Django's settings of the population side: no pages, no sessions, one store and one key of its own."""

import os

from tiemchung.ground.database_url import django_database
from tiemchung.ground.environment import PopulationEnvironment

ENVIRONMENT = PopulationEnvironment.read(os.environ)

SECRET_KEY = POPULATION_KEY = ENVIRONMENT.key
POPULATION_SECRET = ENVIRONMENT.secret
CLOCK_OFFSET = ENVIRONMENT.clock_offset
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
DEBUG = False
INSTALLED_APPS = ["tiemchung.population"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "tiemchung.population.urls"
WSGI_APPLICATION = "tiemchung.population.wsgi.application"
DATABASES = {"default": django_database(ENVIRONMENT.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
