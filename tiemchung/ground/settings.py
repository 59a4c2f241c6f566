"""Django's settings of the health side. The environment enters through `Environment`; nothing else is read from it."""

import os
from pathlib import Path
from typing import Any

from tiemchung.ground.database_url import django_database
from tiemchung.ground.environment import Environment
from tiemchung.ground.environment_sign_on import SignOn

ENVIRONMENT = Environment.read(os.environ)
ROOT = Path(__file__).resolve().parents[1]

SECRET_KEY = ENVIRONMENT.secret_key
DATA_KEYS = ENVIRONMENT.data_keys
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
DEBUG = False
CLOCK_OFFSET = ENVIRONMENT.clock_offset
PRACTICE = ENVIRONMENT.practice
KEYS_FOLDER = ENVIRONMENT.keys_folder
SEALS_FOLDER = ENVIRONMENT.seals_folder
EXCHANGE_FOLDER = ENVIRONMENT.exchange_folder
HSM_MODULE, HSM_PIN = ENVIRONMENT.hsm_module, ENVIRONMENT.hsm_pin
POPULATION_URL = ENVIRONMENT.population_url
POPULATION_SECRET = ENVIRONMENT.population_secret
SLIP_KEYS = list(ENVIRONMENT.slip_keys)
SECOND_FACTOR = ENVIRONMENT.second_factor
STAFF_IDLE = ENVIRONMENT.staff_idle
STAFF_LONGEST = ENVIRONMENT.staff_longest
PROXIES = ENVIRONMENT.proxies
SIGN_ON = SignOn.read(os.environ)
THREADS = ENVIRONMENT.threads
REQUESTS_PER_SECOND = ENVIRONMENT.requests_per_second
LARGEST_BODY = ENVIRONMENT.largest_body

DOMAINS = [
    "tiemchung.places",
    "tiemchung.accounts",
    "tiemchung.people",
    "tiemchung.messages",
    "tiemchung.stock",
    "tiemchung.campaigns",
    "tiemchung.visits",
    "tiemchung.doses",
    "tiemchung.identity",
    "tiemchung.complaints",
    "tiemchung.cleaning",
    "tiemchung.passports",
    "tiemchung.figures",
    "tiemchung.oversight",
    "tiemchung.privacy",
]
DOORS = [
    "tiemchung.healthbook",
    "tiemchung.portal",
    "tiemchung.clinic",
    "tiemchung.office",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "tiemchung.look",
    "tiemchung.ground",
    *DOMAINS,
    *DOORS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "tiemchung.ground.headers.ContentSecurityPolicyMiddleware",
    "tiemchung.api.answers.JsonRefusalsMiddleware",
    "tiemchung.ground.request_limits.RequestLimitsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "tiemchung.accounts.signed_in.SignedInMiddleware",
    "tiemchung.accounts.clients.ApiClientMiddleware",
    "tiemchung.ground.origin.OriginMiddleware",
    "tiemchung.accounts.rights.RightsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "tiemchung.doors"
WSGI_APPLICATION = "tiemchung.ground.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tiemchung.ground.context.practice",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "tiemchung.look.templatetags.look"],
        },
    }
]

DATABASES = {"default": django_database(ENVIRONMENT.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Account"
LOGIN_URL = "portal:sign-in"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "portal:start"
PASSWORD_HASHERS = ["tiemchung.accounts.passwords.PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"}]

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]  # each in its own words
USE_I18N = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Two vendored files of one name may differ between releases: their address carries their version.
WHITENOISE_MAX_AGE = 3600

SESSION_SERIALIZER = "tiemchung.ground.encryption.SessionSerializer"
SESSION_ENGINE = "tiemchung.accounts.sessions"
# Over TLS a browser takes cookies of these names from this very host alone, never from a sister or over plain HTTP.
SESSION_COOKIE_NAME = "__Host-sessionid" if ENVIRONMENT.secure else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if ENVIRONMENT.secure else "csrftoken"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = ENVIRONMENT.secure
SESSION_COOKIE_AGE = 12 * 3600  # of who has not signed in; a sign-in has limits of its own (accounts.limits)
CSRF_COOKIE_SECURE = ENVIRONMENT.secure
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = int(ENVIRONMENT.hsts.total_seconds()) if ENVIRONMENT.secure else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.proxies else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # a batch of a device is bounded; larger ones are sent in parts
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
