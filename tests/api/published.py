"""Published rows for the tests, written as publication writes them: columns beside the row."""

import datetime as dt
import uuid
from functools import cache
from typing import Any

from commitments.models import Commitment, Obligation
from commitments.search import searchable
from members.models import Member
from reporting.models import Erratum, PublishedAnswer, PublishedObservation, PublishedReport
from reporting.serializers import answer_row, canonical_json, report_row
from reporting.tables.lines import progress_line

DAY = dt.date(2026, 7, 10)
SAID = {
    "status": "implemented",
    "visibility": "public",
    "narrative": "Une loi a été adoptée à Bruxelles.",
    "next_steps": "",
    "obstacles": "",
    "not_applicable_because": "",
    "evidence": [{"title": "Law", "url": "https://example.org/law"}],
}


@cache
def _member(code: str) -> Any:
    return Member.objects.named(DAY).get(code=code)


@cache
def _clause(reference: str) -> tuple[str, list[str]]:
    """The statement and the themes of a clause, as the registry has them."""
    clause = Commitment.objects.select_related("statement").get(reference=reference)
    return clause.statement.code, [theme.code for theme in clause.themes.all()]


def publish_report(
    member: str, cycle: str = "2026", *, shown_from: dt.date = DAY, **facts: Any
) -> PublishedReport:
    """A published version of a member's report; `facts` are further columns."""
    of = _member(member)
    columns = {"version": 1, "synthetic": False} | facts
    row = report_row(
        cycle=cycle,
        member=member,
        version=columns["version"],
        submitted_at=dt.datetime(2026, 6, 24, 10, 42, tzinfo=dt.UTC),
        published_on=shown_from,
        timeliness="on_time",
        sha256="0" * 64,
        synthetic=columns["synthetic"],
    )
    return PublishedReport.objects.create(
        cycle=cycle,
        member=member,
        kind=of.kind,
        region=of.region,
        shown_from=shown_from,
        row=canonical_json(row),
        **columns,
    )


def _basis(report: PublishedReport, reference: str) -> str | None:
    owed = Obligation.objects.lines(dt.date(int(report.cycle), 1, 1))
    lines = owed.filter(member__code=report.member, commitment__reference=reference)
    return lines.values_list("basis", flat=True).first()


def publish_answer(report: PublishedReport, reference: str, **said: Any) -> PublishedAnswer:
    """A published answer of the report on one leaf; `said` changes what it says."""
    statement, themes = _clause(reference)
    words, basis = SAID | said, _basis(report, reference)
    row = answer_row(
        report=f"{report.cycle}-{report.member}",
        cycle=report.cycle,
        member={"code": report.member, "name": _member(report.member).display_name},
        commitment=reference,
        statement=statement,
        basis=basis,
        said=words,
        published_on=report.shown_from,
        synthetic=report.synthetic,
    )
    like_its_report = ("cycle", "member", "kind", "region", "shown_from", "shown_until")
    return PublishedAnswer.objects.create(
        report=report,
        **{name: getattr(report, name) for name in (*like_its_report, "synthetic")},
        commitment=reference,
        statement=statement,
        status=words["status"],
        themes=themes,
        withheld=row["withheld"],
        owed=basis is not None,
        words=searchable(*(row[name] or "" for name in ("narrative", "next_steps", "obstacles"))),
        row=canonical_json(row),
        line=progress_line(row),
    )


def publish_some() -> None:
    """Reports of five members over two rounds with answers of several statuses on some leaves."""
    statuses = ["implemented", "in_progress", "planned", "not_started", "nothing_to_report"]
    for cycle in ("2024", "2026"):
        for n, member in enumerate(["ALB", "BEL", "GBR", "INTERPOL", "NCMEC"]):
            report = publish_report(member, cycle, synthetic=n % 2 == 0)
            for m, reference in enumerate(["2012-T1", "2014-GOV-C3a", "2014-GOV-C3b", "2022-M1"]):
                publish_answer(report, reference, status=statuses[(n + m) % 5])


def observe(member: str, year: int, value: int | None, **facts: Any) -> PublishedObservation:
    """A published value of the one indicator."""
    return PublishedObservation.objects.create(
        indicator="icse_identified_victims",
        member=member,
        year=year,
        value=value,
        shown_from=DAY,
        row="{}",
        **facts,
    )


def publish_erratum(**facts: Any) -> Erratum:
    """An entry of what was published wrong: of reports counted, one too many."""
    said: dict[str, Any] = {
        "number": 1,
        "published_on": DAY,
        "what": "A report was counted twice.",
        "published_in": "The page of the round 2024.",
        "dataset": Erratum.Dataset.CYCLES,
        "figure": "reports published of the round 2024",
        "old_value": 42,
        "new_value": 41,
        "corrected_on": DAY,
        "key": uuid.uuid4(),
    }
    return Erratum.objects.create(**said | facts)
