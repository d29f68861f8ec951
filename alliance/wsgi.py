"""Entry point of the web processes."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "15000")

application = get_wsgi_application()
