"""Reading settings from the environment, and refusing a production start that is not safe."""

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

DEVELOPMENT_SECRET = "for-development-on-this-machine-only-never-in-production"  # noqa: S105
SECRET_LENGTH = 40


def flag(name: str, default: bool) -> bool:
    """Whether the variable says yes; anything but a known yes or no is refused."""
    text = os.environ.get(name, "").strip().lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    if text:
        raise ImproperlyConfigured(f"{name}={text} is neither yes nor no: give 1 or 0.")
    return default


def number(name: str, default: int) -> int:
    """The variable as a whole number of at least zero."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal():
        raise ImproperlyConfigured(f"{name}={text} is not a whole number.")
    return int(text)


def listed(name: str, default: str = "") -> list[str]:
    """The comma-separated values of the variable, in order, without empty ones."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def database(url: str) -> dict[str, Any]:
    """Django's connection settings for a postgresql:// address.

    The query may carry `host` (a socket folder) and any libpq option, such as `sslmode`.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            "DATABASE_URL must read postgresql://user:password@host:port/name."
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "alliance.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def refuse_unsafe_production(values: Mapping[str, Any]) -> None:
    """Raises ImproperlyConfigured, naming every reason at once, when production may not start."""
    secret = values["SECRET_KEY"]
    hosts = values["ALLOWED_HOSTS"]
    reasons = {
        f"SECRET_KEY must be set to {SECRET_LENGTH} or more characters of your own": (
            secret == DEVELOPMENT_SECRET or len(secret) < SECRET_LENGTH
        ),
        "DEBUG must be off": values["DEBUG"],
        "DEMO must be off: it opens every demonstration role to anyone": values["DEMO"],
        "SECOND_FACTOR must be on: whoever may write needs one": not values["SECOND_FACTOR"],
        "ALLOWED_HOSTS must name the hosts, without a wildcard": (
            not hosts or any(host == "*" or host.startswith(".") for host in hosts)
        ),
        "DATABASE_URL must be set": not os.environ.get("DATABASE_URL"),
        "REDIS_URL must be set: the folder that stands in for it loses messages": (
            not values["REDIS_URL"]
        ),
        "SMTP_HOST must be set": not values["EMAIL_HOST"],
        "SITE_URL must begin with https://: the links in mails are made from it": (
            urlsplit(values["SITE_URL"]).scheme != "https"
        ),
    }
    found = [reason for reason, present in reasons.items() if present]
    if found:
        raise ImproperlyConfigured("Production does not start: " + "; ".join(found) + ".")
