"""`make run`: everything on one machine, in one command."""

import http.client
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections
from django.urls import reverse

from alliance.standalone import supervisor
from alliance.standalone.postgres import CannotStart
from alliance.standalone.supervisor import EndedByItself, Stop, Supervisor, say

GUNICORN = [
    *(
        "gunicorn",
        "alliance.wsgi",
        "--worker-class",
        "alliance.server.Worker",
        "--workers",
        "2",
        "--threads",
        "4",
    ),
    *("--timeout", "60", "--graceful-timeout", "5", "--keep-alive", "5", "--no-control-socket"),
]
CELERY = ["celery", "--quiet", "--app", "alliance"]
WORKER = [
    *("worker", "--loglevel", "info", "--pool", "solo"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
]
SAID_AFTER_SECONDS = 60


class Command(BaseCommand):
    help = (
        "Starts the whole site on this machine: the database unless DATABASE_URL is set, the web "
        "server on PORT, the worker and its timetable, and a mail server that only keeps what it "
        "gets unless SMTP_HOST is set. Keeps its data in STATE_DIR."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        settings.STATE_DIR.mkdir(parents=True, exist_ok=True)
        everything, code = Supervisor(settings.STATE_DIR), 0
        everything.listen_to_signals()
        try:
            self.start(everything)
            self.watch(everything)
        except Stop:
            pass
        except (CannotStart, CommandError, DatabaseError, EndedByItself) as error:
            say(str(error))
            code = 1
        finally:
            everything.end_all()
        sys.exit(code)

    def start(self, everything: Supervisor) -> None:
        """Brings all up, each part when what it needs is there."""
        self.port = int(os.environ.get("PORT") or 8000)
        if not supervisor.port_is_free(self.port):
            raise CommandError(f"Port {self.port} is taken. Try another: make run PORT=8001")
        if not os.environ.get("DATABASE_URL"):
            say("Starting the database ...")
            everything.start_postgres()
        say("Preparing the data ...")
        call_command("prepare", verbosity=1, stdout=sys.stdout)
        hearts = apps.get_model("members", "Heartbeat").objects
        hearts.filter(name__in=["beat", "worker"]).delete()  # of an earlier start
        connections.close_all()
        say("Preparing the pages ...")
        call_command("compile_catalogues")
        call_command("collectstatic", interactive=False, verbosity=0)
        self.start_children(everything)

    def start_children(self, everything: Supervisor) -> None:
        env = os.environ | {"STATE_DIR": str(settings.STATE_DIR), "PORT": str(self.port)}
        env.setdefault("SECRET_KEY", supervisor.own_secret(settings.STATE_DIR))
        if not settings.SMTP_GIVEN:
            with supervisor.listening_socket() as mail:
                env["SMTP_PORT"] = str(mail.getsockname()[1])
                catcher = ["alliance.standalone.mail", str(mail.fileno()), self.mail_folder()]
                everything.start("mail", catcher, env, fds=[mail.fileno()])
        everything.start("web", [*GUNICORN, "--bind", f"127.0.0.1:{self.port}"], env)
        if settings.REDIS_URL:
            everything.start("worker", [*CELERY, *WORKER], env, last=True)
            everything.start("beat", [*CELERY, "beat"], env)
        else:
            supervisor.empty_broker(settings.BROKER_DIR)
            everything.start("worker", [*CELERY, *WORKER, "--beat"], env, last=True)

    def mail_folder(self) -> str:
        return str(Path(settings.STATE_DIR) / "mail")

    def watch(self, everything: Supervisor) -> None:
        """Says when all is ready, then waits for the end."""
        began, said = time.monotonic(), False
        while missing := self.what_is_missing():
            everything.watch_once()
            if not said and time.monotonic() - began > SAID_AFTER_SECONDS:
                say(f"Not ready yet: {missing}. {self.site}/readyz tells more.")
                said = True
            time.sleep(0.5)
        self.say_where()
        while True:
            everything.watch_once()
            time.sleep(0.3)

    @property
    def site(self) -> str:
        return f"http://localhost:{self.port}"

    def what_is_missing(self) -> str:
        """What /readyz says is not ready, or nothing when all is."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            asked.request("GET", "/readyz")
            parts = json.load(asked.getresponse())["parts"]
        except (OSError, ValueError, http.client.HTTPException):
            return "the web server does not answer"
        finally:
            asked.close()
        return "; ".join(f"{name}: {told}" for name, told in parts.items() if told != "ready")

    def say_where(self) -> None:
        say(f"The site is ready:  {self.site}/")
        if settings.DEMO:
            say(f"Sign in as anyone:  {self.site}{reverse('demonstration-sign-in')}")
        if settings.DEMO and not settings.SMTP_GIVEN:
            say(f"Mail it would send: {self.site}/dev/mail/")
        say("Ctrl-C ends it; the data stay.")
