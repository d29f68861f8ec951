"""The plain tables as Django models, and the settings of a Django site that has nothing else."""

import os
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings


def configure(**more: object) -> None:
    """Sets up a bare Django on the database of DATABASE_URL."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": parts.username,
        "HOST": parse_qs(parts.query)["host"][0],
        "CONN_MAX_AGE": 600,
    }
    settings.configure(
        **{"ALLOWED_HOSTS": ["*"], "SECRET_KEY": "benchmark", "USE_TZ": True, "USE_I18N": False},
        DATABASES={"default": database},
        **more,
    )
    django.setup()
