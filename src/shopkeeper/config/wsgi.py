"""Django as a WSGI application: every page and API call."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopkeeper.config.settings")
application = get_wsgi_application()
