"""Settings of the whole site, read from the environment. `.env.example` explains each variable."""

import datetime as dt
import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from alliance import environment, logs
from alliance.standalone import postgres

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = Path(os.environ.get("STATE_DIR") or BASE_DIR / "var").resolve()

# ---- what kind of start this is
ENVIRONMENT = os.environ.get("ENVIRONMENT", "development")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = environment.flag("DEBUG", default=False)
DEMO = environment.flag("DEMO", default=not PRODUCTION)
SECRET_KEY = os.environ.get("SECRET_KEY") or environment.DEVELOPMENT_SECRET
SITE_URL = (
    os.environ.get("SITE_URL") or f"http://localhost:{os.environ.get('PORT') or 8000}"
).rstrip("/")
ALLOWED_HOSTS = environment.listed("ALLOWED_HOSTS")
if not PRODUCTION:
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *ALLOWED_HOSTS]
    ALLOWED_HOSTS += [host for host in [urlsplit(SITE_URL).hostname] if host not in ALLOWED_HOSTS]

# ---- the register's own settings
FIRST_CYCLE = environment.number("FIRST_CYCLE", 2022 if DEMO else 2026)
# Shown wherever the name is shown; read when the registry is loaded.
NOTES_ON_NAMES = {"XKX": "This designation is without prejudice to positions on status."}
# Printed on the data page: why rounds go on every second year.
CYCLE_BASIS = _(
    "Due on 1 July of every even year, as 2012-S2 says. Whether that rhythm goes on after the "
    "initiatives merged the texts do not say; this register reads it so. 2022-M3 and 2022-M4 "
    "follow the rounds, first in 2024."
)
# Clauses that recur and print no date: the first day each is due. 2015-S2 is counted from the
# adoption; 2022-M3 and 2022-M4 follow the rounds, first in 2024.
FIRST_DUE = {
    "2015-S2": dt.date(2017, 11, 17),
    "2022-M3": dt.date(2024, 7, 1),
    "2022-M4": dt.date(2024, 7, 1),
}
RECEIPTS_AFTER_DAYS = environment.number("RECEIPTS_AFTER_DAYS", 30)
ANNOUNCEMENT_NOTICE_DAYS = environment.number("ANNOUNCEMENT_NOTICE_DAYS", 7)
# What others may do with the data: code, name, address.
DATA_LICENCE = (
    "CC-BY-4.0",
    "Creative Commons Attribution 4.0 International",
    "https://creativecommons.org/licenses/by/4.0/",
)
# Where the zips of all published data are kept, one for each day.
BULK_DIR = Path(os.environ.get("BULK_DIR") or STATE_DIR / "bulk")
# Zips that one client may have built on request in an hour; 0 lifts the limit.
ZIPS_PER_HOUR = environment.number("ZIPS_PER_HOUR", 6)
PREVIEW_DAYS = environment.number("PREVIEW_DAYS", 10)
OUTBOX_EVERY_SECONDS = environment.number("OUTBOX_EVERY_SECONDS", 5)
PLAN_EVERY_SECONDS = environment.number("PLAN_EVERY_SECONDS", 60)
SUMMARIES_EVERY_SECONDS = 60
PRINT_EVERY_SECONDS = environment.number("PRINT_EVERY_SECONDS", 15)
# After so many hours without a backup, and two more, /readyz and the desk say that one is late.
BACKUP_EVERY_HOURS = environment.number("BACKUP_EVERY_HOURS", 24)
# Asked of a message right before it is sent: is it still due?
OUTBOX_RECHECKS = ["reporting.reminders.still_due"]
# Names and addresses go so long after a person's last role ended, or an invitation expired.
CONTACT_DATA_DAYS = environment.number("CONTACT_DATA_DAYS", 730)
BODY_LIMIT = environment.number("BODY_LIMIT", 2 * 1024 * 1024)

INSTALLED_APPS = [
    "alliance",
    "reporting",
    "commitments",
    "members",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "pgtrigger",
    "pghistory",
]

# Outermost first: what must answer even when the rest cannot stands at the top.
MIDDLEWARE = [
    "alliance.middleware.LogRequests",
    "alliance.middleware.ProblemsUnderApi",
    "alliance.middleware.CompressApi",
    "alliance.middleware.CompressPages",
    "django.middleware.security.SecurityMiddleware",
    "alliance.middleware.ContentPolicy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "alliance.middleware.SpeakToReaders",
    "alliance.middleware.RefuseMalformedRequests",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "alliance.middleware.RefuseWrongMethods",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "alliance.middleware.EndLongSessions",
    "members.access.AccessMiddleware",
    "members.asking.AskingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "alliance.urls"
WSGI_APPLICATION = "alliance.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["members.templatetags.sentences"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "members.context.page",
            ],
        },
    },
]

# ---- database, cache
DATABASES = {
    "default": environment.database(os.environ.get("DATABASE_URL") or postgres.address(STATE_DIR))
}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
# Set by alliance/wsgi.py: a page may not hold a connection for long, a task or command may.
if STATEMENT_TIMEOUT := environment.number("STATEMENT_TIMEOUT_MS", 0):
    DATABASES["default"]["OPTIONS"]["options"] = f"-c statement_timeout={STATEMENT_TIMEOUT}"
KEPT_PAGES = environment.number("KEPT_PAGES", 600)
PAGES_KEPT_IN = "locmem.LocMemCache" if KEPT_PAGES else "dummy.DummyCache"
# `default` counts sign-in attempts and must be shared and outlive Redis, so it is a table.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Public pages as visitors got them, by their stamp; each process keeps so many of its own.
    "pages": {
        "BACKEND": f"django.core.cache.backends.{PAGES_KEPT_IN}",
        "LOCATION": "pages",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": KEPT_PAGES},
    },
}

# ---- people: sign-in, sessions, second factor
AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}  # type: ignore[assignment]

# ---- sign-in: by e-mail address and password, by invitation alone (members/adapter.py)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "members.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "members.forms.SignInForm",
    "reset_password": "members.forms.LostPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation that reached it has proven the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SITE_URL).scheme
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "20/m/ip,3/5m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "accept_invitation": "20/m/ip",
    "keep_typed": "10/m/ip",
}
# Whoever may write needs one; only a start for development or a trial may go without.
SECOND_FACTOR = environment.flag("SECOND_FACTOR", default=True)
# How long a proof with it counts for what is graver: submitting, publishing, roles, erasure.
FRESH_FACTOR_MINUTES = environment.number("FRESH_FACTOR_MINUTES", 15)
ACCOUNT_REAUTHENTICATION_TIMEOUT = FRESH_FACTOR_MINUTES * 60
MFA_ADAPTER = "members.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {"add_webauthn": "members.forms.passkeys.PasskeyForm"}
MFA_TOTP_TOLERANCE = 1  # a clock may be half a minute wrong
MFA_TOTP_ISSUER = "Commitment tracker"
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("TRUSTED_PROXIES", 0)
# Views of libraries have no rule of their own: module -> dotted path of the rule that opens it.
ACCESS_OF_LIBRARIES = {
    "django.contrib.admin": "members.rules.keeps_reference_data",
    "drf_spectacular": "members.rules.anyone",
}

# What the views of libraries may be asked in an address; None: whatever they know themselves.
PARAMETERS_OF_LIBRARIES = {"allauth": ["next"], "django.contrib.admin": None}

# ---- sessions
SESSION_HOURS = 12
SESSION_IDLE_MINUTES = environment.number("SESSION_IDLE_MINUTES", 120)
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_FAILURE_VIEW = "alliance.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if PRODUCTION else []

# ---- what a browser may do with our pages
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# ---- languages, time
LANGUAGE_CODE = "en"
# A language joins once its catalogue is complete: a page half in another language helps nobody.
LANGUAGES = [("en", "English"), ("fr", "français"), ("ar", "العربية")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "alliance.formats"
# Said on every page in one of these, until someone who speaks it has read the translation.
UNREVIEWED_LANGUAGES = environment.listed("UNREVIEWED_LANGUAGES", "fr,ar")
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = PRODUCTION
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# ---- static files
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or STATE_DIR / "static")
STATICFILES_DIRS = [folder for folder in [BASE_DIR / "static"] if folder.exists()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # no upload is ever kept
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# ---- mail
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
SMTP_GIVEN = bool(os.environ.get("SMTP_HOST"))
EMAIL_HOST = os.environ.get("SMTP_HOST") or ("" if PRODUCTION else "127.0.0.1")
EMAIL_PORT = environment.number("SMTP_PORT", 587 if SMTP_GIVEN else 8025)
EMAIL_HOST_USER = os.environ.get("SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("SMTP_PASSWORD", "")
EMAIL_USE_TLS = environment.flag("SMTP_STARTTLS", default=SMTP_GIVEN)
EMAIL_USE_SSL = environment.flag("SMTP_SSL", default=False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM") or "Alliance secretariat <secretariat@localhost>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# ---- jobs (schedule in alliance/celery.py)
REDIS_URL = os.environ.get("REDIS_URL", "")
BROKER_DIR = STATE_DIR / "broker"
CELERY_BROKER_URL = REDIS_URL or "folder://"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "socket_connect_timeout": 3,
        "socket_timeout": 10,
        "visibility_timeout": 3600,
        # A page that queues a task while Redis is away gives up after one more try.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.1,
    }
    if REDIS_URL
    else {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.2,
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False  # a page never waits for a broker that is away
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "alliance.beat:Timetable"
CELERY_TIMEZONE = "UTC"

# ---- API (the parts below belong to the API's own code)
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "members.api.problems.answer_exception",
}
# Per client, in each process and minute of the clock; 0 lifts the limit.
API_REQUESTS_PER_MINUTE = environment.number(
    "API_REQUESTS_PER_MINUTE", 6000 if PRODUCTION else 60_000
)
# Of a token of the API, likewise.
API_TOKEN_REQUESTS_PER_MINUTE = environment.number(
    "API_TOKEN_REQUESTS_PER_MINUTE", 5 * API_REQUESTS_PER_MINUTE
)
SPECTACULAR_SETTINGS = {
    "TITLE": "Commitment tracker",
    "DESCRIPTION": (
        "What the members of an international alliance promised, and what they did about it. "
        "Read-only, published data only. References between rows are plain codes. Answers come in "
        "gzip to who sends Accept-Encoding: gzip, workbooks and zips excepted; as JSON whatever "
        "Accept says; and every error as application/problem+json."
    ),
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "Opens nothing more; may ask more often. Made in one's account.",
            }
        }
    },
    "POSTPROCESSING_HOOKS": [],  # vocabularies stay where they are used
}

# ---- logs: JSON, one line an event
logs.begin()
LOGGING = logs.configuration(os.environ.get("LOG_LEVEL", "INFO"))

if PRODUCTION:
    environment.refuse_unsafe_production(globals())
