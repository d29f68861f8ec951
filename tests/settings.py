"""The site's settings as the tests use them: the same, apart from what the machine says."""

import os
import re
from pathlib import Path

EXPLAINED = Path(__file__).resolve().parent.parent / ".env.example"
for name in re.findall(r"^(?:# )?([A-Z_]+)=", EXPLAINED.read_text(), re.MULTILINE):
    os.environ.pop(name, None)
os.environ["DEMO"] = "0"
os.environ["KEPT_PAGES"] = "0"  # a page that was kept would hide what another test changed

from alliance.settings import *  # noqa: E402, F403

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, in tests alone
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = "memory://", {}
BULK_DIR = STATE_DIR / "none-in-tests"  # noqa: F405

# What is left of a limit changes with every answer, and answers are compared byte by byte.
API_REQUESTS_PER_MINUTE = 0
API_TOKEN_REQUESTS_PER_MINUTE = 0
