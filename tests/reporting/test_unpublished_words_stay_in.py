"""A word that nobody published goes through the whole job and stands nowhere but in the database.

A report is written, refused, returned, sent again, accepted and published, with answers for the
secretariat alone and requests for support; another stays a draft. Then everything that left the
database is searched: the log at its loudest, mails, messages of tasks, what commands print, what
pages say to others, the zip and what reports on paper are made of. docs/decisions/two-worlds.md
says what else is done.
"""

import datetime as dt
import io
import json
import logging
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any

import pytest
from celery.signals import before_task_publish
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from structlog.stdlib import ProcessorFormatter

from alliance.celery import app
from members.models import Event, Message, User
from reporting import actions
from reporting.exports import bulk
from reporting.models import Cycle, Report
from reporting.printing.keeping import unprinted
from reporting.printing.matter import matter
from tests.cast import sign_in

from .conftest import OPENED, answer_all

pytestmark = pytest.mark.django_db
CANARY = "quillfeatherwhisper"
PRINTED = 5  # a report is packed: what goes into it is looked at, for a few of them
HOME = "/reporting/2026-ALB/"
T1 = f"{HOME}answers/2012-T1/"
TEXTS = ["narrative", "next_steps", "obstacles", "support_requested"]
TYPED = {"status": "planned", "visibility": "secretariat"} | dict.fromkeys(TEXTS, CANARY)
COMMANDS = ["doctor", "plan_reminders", "build_summaries", "drain_outbox", "write_lines", "ready"]
PUBLIC = ["/", "/members/ALB/", "/cycles/2026/", "/matrix/", f"/search/?q={CANARY[:5]}", "/data/"]
PUBLIC += ["/feeds/published.atom", "/calendar.ics", "/members/ALB/calendar.ics", "/readyz"]
PUBLIC += [f"/api/v1/{name}/" for name in ("progress", "reports", "summaries", "cycles")]
PUBLIC += ["/api/v1/figures/?scope=cycle-2026"]
PUBLIC += [f"/api/v1/exports/progress.{form}" for form in ("csv", "ndjson", "json")]

# Where it may stand: what members write, every version of it, and what the secretariat writes.
AT_HOME = {"reporting_answer", "reporting_answerversion", "reporting_version"}
AT_HOME |= {"reporting_comment", "reporting_extensionrequest"}


def tables_with(word: str) -> set[str]:
    """The tables that have a row in which the word stands."""
    names, found = connection.introspection.table_names(), set()
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(
                f'SELECT EXISTS (SELECT FROM "{name}" AS row WHERE row::text ILIKE %s)',
                [f"%{word}%"],
            )
            if cursor.fetchone()[0]:
                found.add(name)
    return found


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """The log as it is written, as with LOG_LEVEL=DEBUG."""
    root, written = logging.getLogger(), io.StringIO()
    handler, level = logging.StreamHandler(written), root.level
    formatters = [one.formatter for one in root.handlers]
    handler.setFormatter(next(one for one in formatters if isinstance(one, ProcessorFormatter)))
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield written
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


@contextmanager
def tasks_told() -> Iterator[list[str]]:
    """Every message that goes to the broker meanwhile, as text."""
    told: list[str] = []

    def tell(body: Any = None, headers: Any = None, **more: Any) -> None:
        told.append(json.dumps([body, headers], default=str))

    before_task_publish.connect(tell, weak=False)
    try:
        yield told
    finally:
        before_task_publish.disconnect(tell)
        app.control.purge()


def write_and_refuse(writer: Client, visitor: Client) -> None:
    """Saves, saves against a newer text, with a wrong link, without a session, into a failure."""
    writer.post(T1, TYPED | {"base_version": "0"})
    writer.post(T1, TYPED | {"base_version": "0", "narrative": f"{CANARY} again"})
    writer.post(T1, TYPED | {"base_version": "1", "evidence_url_0": f"http://{CANARY}"})
    writer.post(T1, TYPED | {"base_version": CANARY, "status": CANARY})
    visitor.post(T1, TYPED | {"base_version": "1"})


def fail(writer: Client) -> bytes:
    """What is answered when the database refuses a row, and tells the row in its reason."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE reporting_answer ADD CONSTRAINT never "
            "CHECK (status <> 'implemented' OR narrative = '') NOT VALID"
        )
    with transaction.atomic():
        answer = writer.post(T1, TYPED | {"base_version": "1", "status": "implemented"})
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE reporting_answer DROP CONSTRAINT never")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert answer.status_code == 500
    return answer.content


def publish(report: Report, focal_point: User, reviewer: User) -> None:
    """Sends the report in, gets it back with reasons, sends it again, and publishes it."""
    hidden = report.answers.exclude(commitment__reference="2012-T2")
    answer_all(report, support_requested=CANARY)
    hidden.update(**TYPED)
    first, again = OPENED, OPENED + dt.timedelta(days=1)
    ask(report, focal_point, reviewer)
    actions.submit(report, by=focal_point, key=uuid.uuid4(), at=first)
    actions.start_review(report, by=reviewer, at=first)
    comment(report, reviewer, focal_point)
    actions.send_back(report, by=reviewer, because=f"Why {CANARY}?", at=first)
    actions.submit(report, by=focal_point, key=uuid.uuid4(), at=again)
    actions.start_review(report, by=reviewer, at=again)
    actions.accept(report, by=reviewer, at=again)
    object_to(report, reviewer, focal_point, at=again)
    actions.agree(report, by=focal_point, at=again)
    actions.publish(report, by=reviewer, on=again.date())


def comment(report: Report, reviewer: User, focal_point: User) -> None:
    """Says the word to the member and to the secretariat alone, and as the member's reply."""
    clause = report.answers.select_related("commitment")[0].commitment
    for internal in (False, True):
        said = {"text": f"Why {CANARY}?", "internal": internal, "by": reviewer, "at": OPENED}
        first = actions.comment(report, clause, **said)
        by = reviewer if internal else focal_point
        actions.reply(first, text=f"So {CANARY}.", by=by, at=OPENED)


def object_to(report: Report, reviewer: User, focal_point: User, at: dt.datetime) -> None:
    """Says with the word what is wrong before publication, and is answered with it."""
    actions.object_to(report, {None: f"Not {CANARY}."}, by=focal_point, at=at)
    first = report.comments.objections().get()
    actions.reply(first, text=f"So {CANARY}.", by=reviewer, at=at)
    actions.resolve(first, by=reviewer, at=at)


def ask(report: Report, focal_point: User, reviewer: User) -> None:
    """Asks to be excused with the word, and is refused with it."""
    facts = {"wanted_until": None, "reason": f"Why {CANARY}?", "by": focal_point, "at": OPENED}
    asked = actions.ask_extension(report.cycle, report.member, **facts)
    actions.refuse_extension(asked, because=f"So {CANARY}.", by=reviewer, on=OPENED.date())


def printed() -> str:
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        for command in COMMANDS:
            with suppress(SystemExit, CommandError):
                call_command(command, stdout=said, stderr=said)
    return said.getvalue()


def zipped() -> str:
    """What the zip of today holds, and the file beside it."""
    now = timezone.now()
    path = bulk.build(now.date(), now=now).path
    with zipfile.ZipFile(path) as packed:
        files = [packed.read(name) for name in packed.namelist()]
    return str([*files, bulk.sums_of(path).read_text()])


def test_a_word_that_is_not_published_leaves_the_database_nowhere(
    client: Client,
    report: Report,
    cycle: Cycle,
    focal_point: User,
    reviewer: User,
    outsider: User,
    django_capture_on_commit_callbacks: Callable[..., Any],
    tmp_path: Path,
    settings: Any,
) -> None:
    settings.BULK_DIR, settings.ADMINS = tmp_path, [("-", "admin@cast.example")]
    writer = sign_in(Client(raise_request_exception=False), focal_point)
    other = sign_in(Client(raise_request_exception=False), outsider)
    with logged() as log, tasks_told() as tasks, django_capture_on_commit_callbacks(execute=True):
        write_and_refuse(writer, Client())
        failed = fail(writer)
        assert writer.get(f"{HOME}preview/").status_code == 200
        publish(report, focal_point, reviewer)
    said = printed()
    left = {
        "log": log.getvalue(),
        "mails": str([[m.subject, m.body, m.alternatives] for m in mail.outbox]),
        "messages": str(list(Message.objects.values())),
        "events": str(list(Event.objects.values())),
        "tasks": str(tasks),
        "commands": said,
        "error page": str(failed),
        "zip": zipped(),
        "reports on paper": str([matter(summary) for summary in unprinted()[:PRINTED]]),
    }
    assert "Internal Server Error" in log.getvalue()
    left |= {path: str(client.get(path).getvalue()) for path in PUBLIC}
    left |= {
        f"other: {path}": str(other.get(path).getvalue())
        for path in (HOME, T1, f"{HOME}preview/", "/reporting/")
    }
    assert {name for name, text in left.items() if len(text) < 3} == set()
    assert {name for name, text in left.items() if CANARY in text} == set()
    assert tables_with(CANARY) == AT_HOME
