"""The health side as a WSGI application, for Granian."""

import os

from django.core.wsgi import get_wsgi_application

from tiemchung.ground.warming import warm

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiemchung.ground.settings")
application = get_wsgi_application()
warm()
