"""What is wrong with this set-up, asked of each part in turn, with what to do about it.

Each check returns what it found. What it needs and cannot reach may raise: that is a finding too.
"""

import os
import shutil
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.utils import timezone
from kombu import Connection
from kombu.exceptions import OperationalError as BrokerAway

from alliance import backups, environment, health
from members import lateness
from members.models import Role
from members.querysets import in_force

OK, NOTE, WRONG = "ok", "note", "WRONG"
OLDEST_POSTGRESQL = 15
CLOCKS_APART_SECONDS = 2
LEAST_FREE_BYTES, LEAST_FREE_SHARE = 1_000_000_000, 0.05


@dataclass(frozen=True)
class Finding:
    """One line: how it stands with `part`, in words, and what to do where it stands badly."""

    part: str
    mark: str
    words: str


Found = tuple[str, str]
AWAY = (DatabaseError, OSError, smtplib.SMTPException, BrokerAway, ImproperlyConfigured)


def examine() -> Iterator[Finding]:
    """One finding after the other; what needs the database is not asked while it is away."""
    away = False
    for part, check in CHECKS.items():
        if away and part in OF_THE_DATABASE:
            yield Finding(part, NOTE, "not asked: the database is away")
            continue
        try:
            mark, words = check()
        except AWAY as error:
            told = " ".join(str(error).split())[:200]
            mark, words = WRONG, f"{type(error).__name__}: {told}. {ADVICE.get(part, '')}".strip()
            away = away or part == "database"
        yield Finding(part, mark, words)


def set_up() -> Found:
    if not settings.PRODUCTION:
        return NOTE, "development: nobody from outside may reach this site (ENVIRONMENT)"
    environment.refuse_unsafe_production({name: getattr(settings, name) for name in SAFE})
    host = urlsplit(settings.SITE_URL).hostname
    if host not in settings.ALLOWED_HOSTS:
        return WRONG, f"SITE_URL names {host}, ALLOWED_HOSTS does not: links in mails lead nowhere"
    if "@localhost" in settings.DEFAULT_FROM_EMAIL:
        return WRONG, "MAIL_FROM is not set: mails would come from localhost, and be refused"
    return OK, f"production, at {settings.SITE_URL}"


def secrets() -> Found:
    if settings.SECRET_KEY == environment.DEVELOPMENT_SECRET:
        return NOTE, "SECRET_KEY is the one for development, which everybody knows"
    if len(settings.SECRET_KEY) < environment.SECRET_LENGTH:
        return WRONG, f"SECRET_KEY is shorter than {environment.SECRET_LENGTH} characters"
    return OK, "SECRET_KEY is the site's own"


def database() -> Found:
    connection.ensure_connection()
    version = connection.connection.server_version
    words = f"PostgreSQL {version // 10_000}.{version % 10_000}, {connection.settings_dict['NAME']}"
    if version // 10_000 < OLDEST_POSTGRESQL:
        return WRONG, f"{words}: at least {OLDEST_POSTGRESQL} is needed"
    return OK, words


def migrations() -> Found:
    waiting = health.migrations()
    return (WRONG, f"{waiting}: run `manage.py prepare`") if waiting else (OK, "all applied")


def registry() -> Found:
    missing = health.registry()
    return (WRONG, f"{missing}: run `manage.py prepare`") if missing else (OK, "loaded")


def administrator() -> Found:
    held = Role.objects.filter(in_force(timezone.now().date()), kind=Role.Kind.ADMINISTRATOR)
    if not settings.DEMO:
        held = held.filter(user__is_demonstration=False)
    active = held.filter(user__is_active=True).count()
    if active:
        return OK, f"{active} can sign in"
    advice = "nobody administers: run `manage.py invite_administrator somebody@their.example`"
    return NOTE if settings.DEMO else WRONG, advice


def clock() -> Found:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs((timezone.now() - cursor.fetchone()[0]).total_seconds())
    words = f"the database's clock and this machine's are {apart:.1f} s apart"
    if apart > CLOCKS_APART_SECONDS:
        return WRONG, f"{words}: set both by the same time server"
    return OK, words


def mail() -> Found:
    """Goes as far as signing in to the mail server; sends nothing."""
    if not settings.PRODUCTION and not settings.SMTP_GIVEN:
        return NOTE, "no SMTP_HOST: `make run` catches the mail and shows it at /dev/mail/"
    server = get_connection(fail_silently=False)
    server.open()
    server.close()
    return OK, f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} answers"


def queue() -> Found:
    if settings.REDIS_URL:
        with Connection(settings.REDIS_URL, connect_timeout=3) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=5)
        return OK, "Redis answers"
    folder = settings.BROKER_DIR / "queue"
    if not os.access(folder, os.W_OK):
        return WRONG, f"{folder} cannot be written to: start the site, or set REDIS_URL"
    return OK, f"a folder, {folder}"


def worker() -> Found:
    silent = health.worker()
    return (WRONG, f"{silent}: start worker and beat") if silent else (OK, "heard")


def late() -> Found:
    """A backup that is late is wrong in production alone; after a start all takes a moment."""
    parts = lateness.told(timezone.now())
    names = [part.name for part in parts if part.late]
    awaited = [part.name for part in parts if part.awaited]
    if not names and awaited:
        return NOTE, f"not yet since the worker began: {', '.join(awaited)}; ask again in a minute"
    if not names:
        return OK, "nothing is late"
    bad = settings.PRODUCTION or names != [lateness.BACKUP]
    return WRONG if bad else NOTE, f"late: {', '.join(names)} (docs/operations.md says of each)"


def disk() -> Found:
    folder = settings.STATE_DIR
    while not folder.exists():
        folder = folder.parent
    return _room(folder)


def _room(folder: Path) -> Found:
    room = shutil.disk_usage(folder)
    words = f"{room.free / 1e9:.1f} GB free at {folder}"
    if room.free < LEAST_FREE_BYTES or room.free < LEAST_FREE_SHARE * room.total:
        return WRONG, f"{words}: make room before the database needs it"
    return OK, words


def record() -> Found:
    found = backups.chains()
    broken = [chain for chain, numbers in found.items() if numbers]
    if broken:
        return WRONG, f"events were changed or are missing: {', '.join(broken)}"
    return OK, f"{len(found)} chains of events hold"


# What environment.refuse_unsafe_production reads.
SAFE = ("SECRET_KEY", "DEBUG", "DEMO", "ALLOWED_HOSTS", "REDIS_URL", "EMAIL_HOST", "SITE_URL")
CHECKS: dict[str, Callable[[], Found]] = {
    "set-up": set_up,
    "secrets": secrets,
    "database": database,
    "migrations": migrations,
    "registry": registry,
    "administrator": administrator,
    "clock": clock,
    "mail": mail,
    "queue": queue,
    "worker": worker,
    "lateness": late,
    "disk": disk,
    "record": record,
}
OF_THE_DATABASE = {
    *("migrations", "registry", "administrator", "clock", "worker", "lateness", "record"),
}
ADVICE = {
    "database": "Start the site with `make run`, or set DATABASE_URL to a server that runs.",
    "mail": "Look at SMTP_HOST, SMTP_PORT, SMTP_USER and SMTP_PASSWORD.",
    "queue": "Look at REDIS_URL.",
}
