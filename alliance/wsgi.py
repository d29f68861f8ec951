"""Entry point of the web processes."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "15000")

application = get_wsgi_application()

# What stands now stands to the end: the collector need not look at it with every page, which makes
# thousands of objects and no circles to speak of. docs/decisions/speed-of-pages.md
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)
