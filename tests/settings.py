"""The site's settings as the tests use them: the same, apart from what the machine says."""

import os

for name in [
    *("DATABASE_URL", "REDIS_URL", "ENVIRONMENT", "DEBUG", "SECRET_KEY", "SITE_URL", "PORT"),
    *("ALLOWED_HOSTS", "FIRST_CYCLE", "STATE_DIR", "STATIC_ROOT", "MAIL_FROM", "TRUSTED_PROXIES"),
    *("RECEIPTS_AFTER_DAYS", "PREVIEW_DAYS", "OUTBOX_EVERY_SECONDS", "BODY_LIMIT"),
    *("SMTP_HOST", "SMTP_PORT", "SMTP_USER", "SMTP_PASSWORD", "SMTP_STARTTLS", "SMTP_SSL"),
    *("STATEMENT_TIMEOUT_MS", "LOG_LEVEL"),
]:
    os.environ.pop(name, None)
os.environ["DEMO"] = "0"

from alliance.settings import *  # noqa: E402, F403

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, in tests alone
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
