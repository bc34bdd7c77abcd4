"""The people's pages for a WSGI server; must be imported by the worker that serves it, never before."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "activkode.config.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
