"""Django's settings of the population side: its own store and keys, pages for commune police, the shared look."""

import os
from typing import Any

from tiemchung.ground.database_url import django_database
from tiemchung.ground.environment import PopulationEnvironment

ENVIRONMENT = PopulationEnvironment.read(os.environ)

SECRET_KEY = POPULATION_KEY = ENVIRONMENT.key
POPULATION_SECRET = ENVIRONMENT.secret
SLIP_KEY = ENVIRONMENT.slip_key
POPULATION_WORK = ENVIRONMENT.work_folder
CLOCK_OFFSET = ENVIRONMENT.clock_offset
PRACTICE = ENVIRONMENT.practice
SECOND_FACTOR = ENVIRONMENT.second_factor
PROXIES = ENVIRONMENT.proxies
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
DEBUG = False
INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "tiemchung.look",
    "tiemchung.population",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "tiemchung.ground.headers.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tiemchung.population.access.OfficerMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "tiemchung.population.urls"
WSGI_APPLICATION = "tiemchung.population.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "tiemchung.ground.context.practice",
                "tiemchung.population.access.officer",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "tiemchung.look.templatetags.look"],
        },
    }
]
DATABASES = {"default": django_database(ENVIRONMENT.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

# Both sides may stand on one machine, and cookies do not tell ports apart: these have names of their own.
SESSION_COOKIE_NAME = "dan_cu_session"
CSRF_COOKIE_NAME = "dan_cu_csrf"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.secure
SESSION_COOKIE_AGE = 8 * 3600  # a working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.secure else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
