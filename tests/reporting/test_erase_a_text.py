"""A text that must not be here is taken out everywhere, by two people, and the record says so."""

import io
import json
import uuid
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from commitments.search import searchable
from members import events
from members.models import Erasure, Event, Member, Message, User
from reporting import actions, observations, tasks
from reporting.actions.erasure import Changed, ask_erasure, drop_erasure, erase
from reporting.actions.erasure.places import columns, is_kept
from reporting.exports import bulk
from reporting.models import (
    Answer,
    Erratum,
    Indicator,
    Observation,
    Printed,
    PublishedAnswer,
    Report,
    Summary,
    Version,
)
from tests.cast import person, sign_in

from .conftest import OPENED, answer_all

pytestmark = pytest.mark.django_db
# Quotes, a line break and letters that JSON, CSV and searches write in their own ways.
WORD = 'Zérah "Qüx"\nof Nowhere'
PAGE = "/secretariat/erasures/"


@pytest.fixture
def second(db: None) -> User:
    return person("administrator", name="second")


def asked(by: User, text: str = WORD) -> Erasure:
    return ask_erasure(text, "It names a person.", by=by, at=timezone.now())


def published(report: Report, focal_point: User, reviewer: User) -> None:
    """The report, public, with the word in its first published answers."""
    answer_all(report, narrative=f"Before {WORD} and after.")
    now = timezone.now()
    actions.submit(report, by=focal_point, key=uuid.uuid4(), at=OPENED)
    actions.start_review(report, by=reviewer, at=OPENED)
    actions.accept(report, by=reviewer, at=OPENED)
    actions.agree(report, by=focal_point, at=now)
    actions.publish(report, by=reviewer, on=OPENED.date())


def tables_with(*forms: str) -> set[str]:
    """The tables of which a row, read as text, holds one of these."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        for (table,) in cursor.fetchall():
            for form in forms:
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" AS t WHERE position(%s in t::text) > 0', [form]
                )
                found |= {table} if cursor.fetchone()[0] else set()
    return found


# How a row read as text, and JSON within it, writes the word.
FORMS = (
    *("Zérah", searchable(WORD)),
    *(json.dumps("Zérah")[1:-1], "Qüx", "of Nowhere", "zerah"),
)


# ---- planted everywhere


def plant(table: str, names: list[str]) -> None:
    """One more row of this table, made without regard to any constraint, with the word in it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type, udt_name, is_nullable, column_default, is_identity "
            "FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s",
            [table],
        )
        given: dict[str, Any] = {}
        for column, kind, udt, nullable, default, identity in cursor.fetchall():
            if column in names:
                given[column] = json.dumps({"a": WORD}) if kind == "jsonb" else WORD
            elif nullable == "NO" and default is None and identity == "NO":
                given[column] = _some(kind, udt)
        columns_, marks = ", ".join(f'"{c}"' for c in given), ", ".join(["%s"] * len(given))
        cursor.execute(f'INSERT INTO "{table}" ({columns_}) VALUES ({marks})', [*given.values()])


def _some(kind: str, udt: str) -> Any:
    if kind == "ARRAY":
        return []
    if kind in ("integer", "bigint", "smallint"):
        return 9001
    plain = {
        "inet": "::1",
        "boolean": False,
        "date": "2020-01-01",
        "jsonb": "[]",
        "uuid": str(uuid.uuid4()),
    }
    plain |= {"timestamp with time zone": "2020-01-01T00:00:00Z", "bytea": b""}
    return plain.get(kind, "x")


def without_constraints() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint "
            "WHERE contype IN ('c', 'f') AND connamespace = 'public'::regnamespace"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def test_a_word_planted_in_every_column_that_can_hold_text_is_nowhere_afterwards(
    report: Report, focal_point: User, reviewer: User, administrator: User, second: User
) -> None:
    published(report, focal_point, reviewer)
    by_table: dict[str, list[str]] = {}
    for table, column in columns():
        if not is_kept({"table": table, "column": column}):
            by_table.setdefault(table, []).append(column)
    by_table.pop("reporting_publishedanswer")  # it has real ones
    without_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, names in by_table.items():
            plant(table, names)
        cursor.execute("SET LOCAL session_replication_role = origin")
    kept = SessionStore()
    kept["typed_before_sign_in"] = {"path": "/", "typed": {"narrative": WORD}}
    kept["other"] = "stays"
    kept.save()
    Message.objects.create(kind="account", to="a@cast.example", subject="-", body="-", calendar=ICS)
    before = tables_with(*FORMS)
    assert {*by_table, "reporting_publishedanswer"} <= before, "the planting misses tables"
    assert len(by_table) > 40

    erase(asked(administrator), confirmed_by=second, at=timezone.now())
    assert tables_with(*FORMS) == set()
    assert SessionStore(kept.session_key).load() == {"other": "stays"}
    assert not Message.objects.filter(calendar__contains="SUMMARY").exists()


ICS = 'SUMMARY:Zérah "Qü\r\n x"\\nof Nowhere\r\n'


# ---- what is public, kept files, the record


@pytest.fixture
def done(
    report: Report,
    focal_point: User,
    reviewer: User,
    administrator: User,
    second: User,
    tmp_path: Path,
    settings: Any,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> Erasure:
    """The word was published, kept in a zip, told by an event, and is erased."""
    settings.BULK_DIR = tmp_path
    published(report, focal_point, reviewer)
    events.record("noted", by=reviewer, about="x", chain="report:2026-ALB", why=WORD)
    now = timezone.now()
    assert b"Qux" in searched(bulk.build(now.date(), now=now).path)
    with django_capture_on_commit_callbacks(execute=True):
        it = erase(asked(administrator), confirmed_by=second, at=now)
    assert list(tmp_path.rglob("*.zip")) == [], "the zip that held it is taken away at once"
    return it


def searched(path: Path) -> bytes:
    """All that is in a zip, with the umlaut plain."""
    with zipfile.ZipFile(path) as kept:
        return b"".join(kept.read(n) for n in kept.namelist()).replace("ü".encode(), b"u")


def test_published_words_read_on_with_a_mark_and_lines_and_searches_agree(
    done: Erasure, client: Client
) -> None:
    rows = client.get("/api/v1/progress/?member=ALB&cycle=2026").json()["results"]
    assert {row["narrative"] for row in rows} == {"Before [erased] and after."}
    assert (
        "Before [erased] and after."
        in client.get("/api/v1/exports/progress.csv").getvalue().decode()
    )
    assert not client.get("/api/v1/progress/?q=Nowhere").json()["results"]
    assert PublishedAnswer.objects.filter(words__contains="before erased and after").exists()
    assert Answer.objects.filter(narrative="Before [erased] and after.").exists()
    assert "[erased]" in Version.objects.get().content


def test_a_word_beside_a_yearly_figure_goes_and_the_figure_stays(
    report: Report, focal_point: User, reviewer: User, administrator: User, second: User
) -> None:
    """In the figure itself, the event that tells of it, and the submission that carries it."""
    indicator = Indicator.objects.select_related("commitment__statement").get()
    said = {"state": "value", "value": 120, "source": "Register of nobody known", "note": WORD}
    facts = {"by": focal_point, "at": OPENED}
    actions.save_observation(report, indicator, 2025, said=said, base_version=0, **facts)
    answer_all(report)
    actions.submit(report, key=uuid.uuid4(), **facts)
    for text in (WORD, "nobody known"):
        erase(asked(administrator, text), confirmed_by=second, at=timezone.now())
    assert tables_with(*FORMS, "nobody known") == set()
    left = {"state": "value", "value": 120, "source": "Register of [erased]", "note": "[erased]"}
    assert Observation.objects.get().said() == left
    carried = observations.carried(Version.objects.get())
    assert [{name: row[name] for name in left} for row in carried] == [left]
    assert Event.objects.get(verb="observe").detail["note"] == "[erased]"
    assert events.broken_links("report:2026-ALB") == []


def test_no_report_on_paper_stays_that_may_hold_the_text(
    administrator: User, second: User, member: Member
) -> None:
    """A name or a note is printed that no summary holds."""
    Member.objects.filter(pk=member.pk).update(note=WORD)
    facts = {"built_at": OPENED, "public_version": 1, "shown_from": OPENED.date(), "row": "{}"}
    of = Summary.objects.create(scope="cycle-2026", **facts)
    Printed.objects.create(summary=of, pdf=b"%PDF-", sha256="0" * 64)
    erase(asked(administrator), confirmed_by=second, at=timezone.now())
    assert not Printed.objects.exists()


def test_kept_zips_are_made_anew_with_a_note_and_an_erratum(done: Erasure, tmp_path: Path) -> None:
    entry = Erratum.objects.get()
    assert done.erratum == entry.number and done.files and done.files_at is None
    tasks.build_bulk()
    made = b"".join(searched(path) for path in tmp_path.glob("*.zip"))
    assert b"Qux" not in made and b"Before [erased] and after." in made
    assert f"See erratum {entry.number}.".encode() in made
    assert Erasure.objects.get().files_at is not None


def test_the_chains_hold_and_say_who_erased(
    done: Erasure, administrator: User, second: User
) -> None:
    told = Event.objects.get(verb="noted")
    assert told.detail == {"why": "[erased]"} and told.salt == ""
    for chain in ("report:2026-ALB", "accounts", "errata"):
        assert events.broken_links(chain) == [], chain
    by = events.erasure_of(told)
    assert by is not None and by.actor == second
    assert by.detail["asked_by"] == administrator.pk
    assert "Zérah" not in json.dumps(list(Event.objects.values("detail")), ensure_ascii=False)
    assert (done.text, done.folded) == ("", "")


def test_a_seal_that_no_erasure_names_breaks_the_chain(done: Erasure) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE members_event SET erasure = 99 WHERE verb = 'noted'")
    number = Event.objects.get(verb="noted").number
    assert events.broken_links("report:2026-ALB") == [number]


def test_erased_twice_is_erased_once(done: Erasure, second: User) -> None:
    before = Event.objects.count()
    erase(done, confirmed_by=second, at=timezone.now())
    assert Event.objects.count() == before


# ---- by two


def test_nobody_erases_alone_and_only_administrators_do(
    report: Report, administrator: User, second: User, reviewer: User, editor: User
) -> None:
    answer_all(report, narrative=WORD)
    it = asked(administrator)
    for by in (administrator, reviewer, editor):
        with pytest.raises(PermissionDenied):
            erase(it, confirmed_by=by, at=timezone.now())
    with pytest.raises(PermissionDenied):
        asked(reviewer)
    administrator.roles.update(until=OPENED.date())
    with pytest.raises(PermissionDenied):
        erase(it, confirmed_by=second, at=timezone.now())
    assert Answer.objects.filter(narrative=WORD).exists()


def test_what_was_not_previewed_is_not_erased(
    report: Report, reviewer: User, administrator: User, second: User
) -> None:
    answer_all(report, narrative=WORD)
    it = asked(administrator)
    answer_all(report, narrative=WORD, obstacles=WORD)
    with pytest.raises(Changed):
        erase(it, confirmed_by=second, at=timezone.now())
    assert Answer.objects.filter(narrative=WORD).exists()


def test_a_dropped_erasure_keeps_no_text(report: Report, administrator: User, second: User) -> None:
    answer_all(report, narrative=WORD)
    it = drop_erasure(asked(administrator), by=administrator, at=timezone.now())
    assert it.text == it.folded == ""
    erase(it, confirmed_by=second, at=timezone.now())
    assert Answer.objects.filter(narrative=WORD).exists()


@pytest.mark.parametrize(
    ("text", "reason", "field"),
    [
        ("abc", "x", "text"),
        ("stands nowhere at all", "x", "text"),
        ("sexual", "x", "text"),
        ("administrator@cast.example", "x", "text"),
        ("The law is in force.", "Because: The law is in force.", "reason"),
    ],
)
def test_what_cannot_be_erased_is_named(
    report: Report, administrator: User, text: str, reason: str, field: str
) -> None:
    answer_all(report)
    with pytest.raises(ValidationError) as refused:
        ask_erasure(text, reason, by=administrator, at=timezone.now())
    assert set(refused.value.message_dict) == {field}
    assert not Erasure.objects.exists()


def test_the_page_previews_and_the_second_administrator_confirms(
    client: Client, report: Report, administrator: User, second: User
) -> None:
    answer_all(report, narrative=WORD)
    sent = {"text": WORD, "reason": "It names a person."}
    assert sign_in(client, administrator).post(PAGE, {"text": "x"}).status_code == 400
    preview = client.post(PAGE, sent, follow=True).content.decode()
    assert "reporting_answer" in preview and "narrative" in preview
    path = f"{PAGE}{Erasure.objects.get().pk}/"
    assert "Erase the text" not in preview and client.post(f"{path}confirm/").status_code == 403
    assert "Erase the text" in sign_in(client, second).get(path).content.decode()
    answer = client.post(f"{path}confirm/", follow=True).content.decode()
    assert "What was changed" in answer and "Zérah" not in answer
    assert not Answer.objects.filter(narrative=WORD).exists()


# ---- as the role of web and worker


@pytest.fixture
def as_app(db: None) -> Iterator[Callable[[], None]]:
    """Makes the rest of the test run as the role that cannot change an event."""

    def go() -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE ROLE app_of_the_tests")
            call_command("grant_app_role", "app_of_the_tests", stdout=io.StringIO())
            cursor.execute("SET LOCAL ROLE app_of_the_tests")

    yield go
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_the_role_of_the_application_erases_through_the_one_function_and_no_other_way(
    report: Report, reviewer: User, administrator: User, second: User, as_app: Callable[[], None]
) -> None:
    answer_all(report, narrative=WORD)
    events.record("noted", by=reviewer, about="x", chain="notes", why=WORD)
    it = asked(administrator)
    as_app()
    for call in (
        "UPDATE members_event SET detail = '{}'",
        f"SELECT erase_text({it.pk}, {administrator.pk}, '{{}}')",  # alone
        f"SELECT erase_text({it.pk}, {reviewer.pk}, '{{}}')",  # with no administrator
        f"SELECT erase_text({it.pk + 1}, {second.pk}, '{{}}')",  # what nobody asked for
        f"SELECT erase_text({it.pk}, {second.pk}, '{{}}')",  # an event that would lose its seal
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(call)
    erase(it, confirmed_by=second, at=timezone.now())
    assert Event.objects.get(verb="noted").detail == {"why": "[erased]"}
    assert events.broken_links("notes") == [] == events.broken_links("accounts")
