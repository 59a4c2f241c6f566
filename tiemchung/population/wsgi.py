"""The population side as a WSGI application, for Granian."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tiemchung.population.settings"

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()
