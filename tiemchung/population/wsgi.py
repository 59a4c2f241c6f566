"""The population side as a WSGI application, for Granian."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tiemchung.population.settings"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
