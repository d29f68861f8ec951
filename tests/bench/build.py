"""Fills a database with a register of the wanted size.

    python -m tests.bench.build members clauses rounds

Reads DATABASE_URL. The rows are made by the functions that publication uses; the opponents' tables
(schema `plain`) hold the same facts, normalised, in the order of the same key.
"""

import csv
import datetime as dt
import io
import itertools
import random
import signal
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import IO, Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from alliance.standalone.processes import dies_with_parent  # noqa: E402
from commitments.models import Commitment, Statement  # noqa: E402
from members.models import Member, Name  # noqa: E402
from members.text import fold  # noqa: E402
from reporting.models import Cycle, PublishedReport  # noqa: E402
from reporting.serializers import answer_row, canonical_json, report_row  # noqa: E402
from reporting.tables.lines import CsvLines  # noqa: E402
from reporting.tables.reported import PROGRESS  # noqa: E402

LAST_ROUND = 2024
ADOPTED = dt.date(2000, 1, 1)
AT_ONCE = 50  # reports
STATUSES = ["implemented", "in_progress", "planned", "not_started", "nothing_to_report"]
KINDS, REGIONS = Member.Kind.values, Member.Region.values
WORDS = (
    "the law was adopted and entered into force; police and prosecutors were trained in units, "
    'a hotline answers in "three" languages, une loi a été adoptée, 法律 已经 通过, سن قانون'
).split()
COLUMNS = (
    "report_id cycle member kind region commitment statement status themes withheld owed "
    "support_requested words shown_from synthetic row line"
).split()
PLAIN = Path(__file__).with_name("plain.sql")


def main(members: int, clauses: int, rounds: int) -> None:
    """Migrates, registers the members, clauses and rounds, and publishes an answer to each."""
    call_command("migrate", verbosity=0, interactive=False)
    _register(members, clauses, rounds)
    reports = _reports()
    references = sorted(Commitment.objects.values_list("reference", flat=True))
    connection.close()  # the helpers below must not inherit it
    pool = ProcessPoolExecutor(initializer=dies_with_parent(signal.SIGKILL))
    with tempfile.TemporaryFile("w+", newline="") as rows, pool as helpers:
        portions = [reports[n : n + AT_ONCE] for n in range(0, len(reports), AT_ONCE)]
        for text in helpers.map(_written, portions, itertools.repeat(references)):
            rows.write(text)
        rows.seek(0)
        _store(rows)


def _store(rows: IO[str]) -> None:
    """Loads the answers, makes the opponents' tables of them, and lets the planner know both."""
    with connection.cursor() as cursor:
        columns = ", ".join(COLUMNS)
        cursor.copy_expert(
            f"COPY reporting_publishedanswer ({columns}) FROM STDIN (FORMAT csv, NULL '\\N')", rows
        )
        cursor.execute(PLAIN.read_text().replace("%", "%%"), [])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _register(members: int, clauses: int, rounds: int) -> None:
    made = Member.objects.bulk_create(
        Member(code=f"M{n:04}", kind=KINDS[n % len(KINDS)], region=REGIONS[n % len(REGIONS)])
        for n in range(members)
    )
    Name.objects.bulk_create(
        Name(member=m, text=f"Membér & {m.code}", source="benchmark") for m in made
    )
    statement = Statement.objects.create(
        code="2022",
        title="Statement",
        place="Here",
        adopted_on=ADOPTED,
        binding="membership",
        position=1,
        source="benchmark",
    )
    _clauses(statement, clauses)
    Cycle.objects.bulk_create(
        Cycle(
            code=str(year),
            opens_on=dt.date(year, 1, 1),
            due_on=dt.date(year, 7, 1),
            closes_on=dt.date(year, 12, 31),
        )
        for year in range(LAST_ROUND, LAST_ROUND - rounds, -1)
    )


def _clauses(statement: Statement, clauses: int) -> None:
    Commitment.objects.bulk_create(
        Commitment(
            reference=f"2022-M{n}" if n > 1 else "2012-S2a",  # the clause that asks for reports
            statement=statement,
            position=n,
            section="-",
            kind="undertaking",
            duty="individual",
            title=f"Clause {n}",
            text="Text.",
        )
        for n in range(1, clauses + 1)
    )


def _reports() -> list[PublishedReport]:
    made = []
    cycles, members = Cycle.objects.order_by("code"), list(Member.objects.order_by("code"))
    for cycle, member in itertools.product(cycles, members):
        key = {"cycle": cycle.code, "member": member.code}
        facts = {"version": 1, "synthetic": False}
        row = report_row(
            **key,
            **facts,
            submitted_at=dt.datetime.combine(cycle.due_on, dt.time(10), dt.UTC),
            published_on=cycle.due_on,
            timeliness="on_time",
            sha256="0" * 64,
        )
        kept = {"kind": member.kind, "region": member.region, "shown_from": cycle.due_on}
        made.append(PublishedReport(**key, **facts, **kept, row=canonical_json(row)))
    return PublishedReport.objects.bulk_create(made, batch_size=2000)


def _written(reports: list[PublishedReport], references: list[str]) -> str:
    """The answers of some reports as lines for COPY."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(_answers(reports, references))
    return text.getvalue()


def _answers(reports: list[PublishedReport], references: list[str]) -> Iterator[list[Any]]:
    """Rows of COLUMNS in the order of the key, an answer of each report to each clause."""
    chance, line = random.Random(reports[0].pk), CsvLines(PROGRESS)
    texts = [_narrative(chance) for _ in range(200)]
    for report, reference in itertools.product(reports, references):
        narrative, words = chance.choice(texts)
        withheld = chance.random() < 0.02
        row = answer_row(
            report=f"{report.cycle}-{report.member}",
            cycle=report.cycle,
            member={"code": report.member, "name": f"Membér & {report.member}"},
            commitment=reference,
            statement="2022",
            basis="membership",
            said=_said(chance, narrative, withheld),
            published_on=report.shown_from,
            synthetic=False,
        )
        key = [report.pk, report.cycle, report.member, report.kind, report.region, reference]
        facts = ["2022", row["status"], "{}", withheld, True, False, words, report.shown_from]
        yield [*key, *facts, False, canonical_json(row), line.of(row)]


def _narrative(chance: random.Random) -> tuple[str, str]:
    """About 400 characters of words, some with line ends or formulas, and the same folded."""
    text = " ".join(chance.choices(WORDS, k=75))[:400].strip()
    text = chance.choice(["", "", "", "=", "- "]) + text.replace(";", ";\n", chance.randrange(2))
    return text, fold(text)


def _said(chance: random.Random, narrative: str, withheld: bool) -> dict[str, Any]:
    link = {"title": "The law", "url": "https://example.org/law?a=1&b=2"}
    return {
        "status": chance.choice(STATUSES),
        "visibility": "secretariat" if withheld else "public",
        "narrative": narrative,
        "next_steps": chance.choice(["", "To be reviewed in the spring."]),
        "obstacles": "",
        "not_applicable_because": "",
        "evidence": [link] * (chance.random() < 0.3),
    }


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
