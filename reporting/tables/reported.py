"""The columns of the datasets that show what was reported and counted."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from commitments.models import Obligation
from members.missing import NOT_EXPECTED, NOT_REPORTED, WITHHELD
from members.models import Member

from ..deadlines import STATES
from ..models import Answer, Erratum
from .columns import BETWEEN_CODES, BETWEEN_LINES, TABLES, Cell, Column, Row
from .register import CLAUSE, MEMBER, STATEMENT, WHY

STATE_WORDS = {
    "not_collected": _("before the first round collected here"),
    "planned": _("not open yet"),
    "open": _("open"),
    "overdue": _("the due day is over"),
    "closed": _("closed"),
}
TIMELINESS = [
    ("on_time", _("in time")),
    ("late", _("came after the due day")),
    ("missed", _("the round closed without it")),
    ("excused", _("excused")),
    ("voluntary", _("none was expected")),
]
CYCLE = Column("cycle", _("Round"), about=_("The code of the round: 2026."))
SYNTHETIC = Column(
    "synthetic", _("Synthetic"), "boolean", about=_("True in rows of the demonstration.")
)
PUBLISHED_ON = Column(
    "published_on",
    _("Published on"),
    "date",
    about=_("Since when everyone can read it; a correction has a later day and takes its place."),
)


def _by_kind(code: str, row: Row) -> Cell:
    counts = row[code] or {}
    return BETWEEN_LINES.join(f"{kind}: {n}" for kind, n in counts.items())


def _of_kind(code: str, kind: str, row: Row) -> Cell:
    return (row[code] or {}).get(kind)


def _no_count(code: str, row: Row) -> str:
    return "no_members" if row[code] is not None else row["reason"]


def _counts(
    code: str, label: Any, about: Any, reasons: tuple[str, ...], out_of: str = "expected"
) -> list[Column]:
    """A figure by kind of member: all kinds in one column and, in tables, each in its own."""
    unit = "members"
    whole = Column(
        code,
        label,
        "object",
        about=about,
        unit=unit,
        out_of=out_of,
        missing=(*reasons, "no_members"),
        why=partial(_no_count, code),
        cell=partial(_by_kind, code),
    )
    each = [
        Column(
            f"{code}_{kind}",
            format_lazy("{label}: {kind}", label=label, kind=words),
            "integer",
            unit=unit,
            out_of=f"{out_of}_{kind}" if out_of and " " not in out_of else out_of,
            missing=(*reasons, "no_members"),
            why=partial(_no_count, code),
            cell=partial(_of_kind, code, kind),
            formats=TABLES,
        )
        for kind, words in Member.Kind.choices
    ]
    return [whole, *each]


BEFORE = ("not_collected",)
BEFORE_THE_ACT = ("not_collected", "not_yet_published")

CYCLES = [
    Column("code", _("Code"), about=_("The key of the row.")),
    Column("opens_on", _("Opens on"), "date"),
    Column("due_on", _("Due on"), "date", about=_("Until the day has ended everywhere on earth.")),
    Column("closes_on", _("Closes on"), "date"),
    Column(
        "state",
        _("State"),
        values=[(code, STATE_WORDS[code]) for code in STATES],
        about=_(
            "Of the round and of no report. Pages say round for a cycle. Overdue: the due day is "
            "over, and late reports are still taken; whose report is missing is told when the "
            "secretariat has announced it, in missed_by of summaries."
        ),
    ),
    *_counts(
        "members",
        _("Members"),
        _("Members of the alliance on the opening day that report for themselves."),
        BEFORE,
        out_of="",
    ),
    *_counts(
        "expected",
        _("Expected"),
        _("Members from whom a report is expected, the excused among them: the denominator."),
        BEFORE,
        out_of="members",
    ),
    *_counts("received", _("Received"), _("Of the expected, those that reported."), BEFORE_THE_ACT),
    *_counts("on_time", _("On time"), _("Of the expected, those in time."), BEFORE_THE_ACT),
    *_counts(
        "published",
        _("Published"),
        _("Of the expected, those whose report is shown."),
        BEFORE,
    ),
    *_counts(
        "voluntary",
        _("Voluntary"),
        _("Published reports of others; in no denominator."),
        BEFORE,
        out_of="published and voluntary together",
    ),
    Column(
        "reason",
        _("Reason"),
        values=[
            ("not_collected", STATE_WORDS["not_collected"]),
            ("not_yet_published", _("who reported in time is not announced yet")),
        ],
        missing=("not_applicable",),
        about=_("Why figures of the row are null."),
    ),
    SYNTHETIC,
    WHY,
]

REPORTS = [
    Column("id", _("Report"), about=_("The key of the row: round and member.")),
    CYCLE,
    MEMBER,
    Column("version", _("Version"), "integer", about=_("Which submission was published.")),
    Column("submitted_at", _("Submitted at"), "datetime", about=_("UTC.")),
    PUBLISHED_ON,
    Column(
        "timeliness",
        _("Timeliness"),
        values=TIMELINESS,
        about=_(
            "Of the first submission, by the day that held for this member. It is part of what is "
            "published with the report; figures of timeliness, and who is late or missing without "
            "a published report, wait for the announcement."
        ),
    ),
    Column("sha256", _("SHA-256"), about=_("Digest of the submission as it was received.")),
    SYNTHETIC,
]


def _evidence(row: Row) -> Cell:
    return BETWEEN_LINES.join(f"{one['title']} <{one['url']}>" for one in row["evidence"])


WORDS: dict[str, Any] = {"missing": (WITHHELD, NOT_REPORTED)}

PROGRESS = [
    Column("report", _("Report"), about=_("Round and member of the report.")),
    CYCLE,
    Column(
        "member",
        _("Member"),
        "object",
        about=_("Code and name; in tables the code."),
        cell=lambda row: row["member"]["code"],
    ),
    Column(
        "member_name",
        _("Name of the member"),
        about=_("On the day of publication."),
        cell=lambda row: row["member"]["name"],
        formats=TABLES,
    ),
    CLAUSE,
    STATEMENT,
    Column(
        "basis",
        _("Basis"),
        values=Obligation.Basis.choices,
        about=_(
            "What the member owed the answer on, the strongest of several, when the round opened. "
            "Summaries count answers by endorsement apart, and those without a basis nowhere."
        ),
        missing=(NOT_EXPECTED,),
        # A row of before migration 0017 of reporting has none yet while its line is made.
        cell=lambda row: row.get("basis"),
    ),
    Column(
        "status",
        _("Status"),
        values=Answer.Status.choices,
        about=_("What the member says of the clause. Not judged by this register."),
    ),
    Column("narrative", _("What was done"), about=_("The member's own words."), **WORDS),
    Column(
        "next_steps",
        _("Next steps"),
        about=_("What the member means to do next, in its own words."),
        **WORDS,
    ),
    Column(
        "obstacles",
        _("Obstacles"),
        about=_("What stands in its way, in its own words."),
        **WORDS,
    ),
    Column(
        "evidence",
        _("Evidence"),
        "objects",
        about=_("Titled links; in tables lines of the title and, in <>, the address."),
        cell=_evidence,
        **WORDS,
    ),
    Column(
        "withheld",
        _("Withheld"),
        "boolean",
        about=_("True where the member answered, and its words are not for everyone."),
    ),
    PUBLISHED_ON,
    SYNTHETIC,
    WHY,
]


def _figures(row: Row) -> Cell:
    return BETWEEN_LINES.join(_lines(row["figures"]))


def _rounds(row: Row) -> Cell:
    return BETWEEN_LINES.join(
        f"{code}.{line}" for code, figures in row["rounds"].items() for line in _lines(figures)
    )


def _lines(figures: dict[str, Any]) -> Iterator[str]:
    for kind, named in figures.items():
        for name, figure in named.items():
            yield f"{kind}.{name}: {_of(figure)}"


def _of(figure: dict[str, Any]) -> str:
    numerator = figure["reason"] if figure["numerator"] is None else figure["numerator"]
    return f"{numerator} / {'' if figure['denominator'] is None else figure['denominator']}".strip()


def _verdicts(row: Row) -> Cell:
    return BETWEEN_LINES.join(
        f"{one['indicator']} {one['year']}: {one['verdict']}. {one['arithmetic']}"
        for one in row["verdicts"]
    )


def _why(name: str, otherwise: str, row: Row) -> str:
    return row.get("missing", {}).get(name, otherwise)


SUMMARIES = [
    Column("scope", _("Scope"), about=_("What is summed up: cycle-2026, member-ALB.")),
    Column(
        "cycle",
        _("Round"),
        about=_("The round of the figures: of the scope itself, or the newest announced one."),
        missing=("no_round_yet",),
    ),
    Column("built_at", _("Built at"), "datetime", about=_("When these figures were first seen.")),
    Column(
        "figures",
        _("Figures"),
        "object",
        about=_(
            "By kind of member and name: numerator, denominator, and the reason of a null. Answers "
            "to what is owed by endorsement stand in figures ending _by_endorsement and in no "
            "other. In tables one line each: kind.name: numerator / denominator, the reason for "
            "the number."
        ),
        missing=(NOT_EXPECTED, "no_round_yet"),
        emptied=True,
        why=partial(_why, "figures", "no_round_yet"),
        cell=_figures,
    ),
    Column(
        "rounds",
        _("Figures by round"),
        "object",
        about=_("The same for each round: those that have opened; of a round, the one before it."),
        missing=(NOT_EXPECTED, "no_round_yet"),
        emptied=True,
        why=lambda row: NOT_EXPECTED if row["rounds"] else "no_round_yet",
        cell=_rounds,
    ),
    Column(
        "missed_by",
        _("Missed by"),
        "list",
        about=_("Codes of the members without a report when the round ended."),
        missing=("not_yet_published", "not_collected", "not_open", NOT_EXPECTED, "nobody"),
        why=partial(_why, "missed_by", "nobody"),
        cell=lambda row: BETWEEN_CODES.join(row["missed_by"] or ()),
    ),
    Column(
        "verdicts",
        _("Verdicts"),
        "objects",
        about=_("On numeric targets, with the arithmetic: of the alliance, never of one member."),
        parts=("indicator", "year", "verdict", "arithmetic"),
        missing=("of_the_alliance_alone", "no_target", "no_value"),
        why=partial(_why, "verdicts", "no_value"),
        cell=_verdicts,
    ),
    SYNTHETIC,
    WHY,
]

NO_FIGURE = ("not_applicable",)
ERRATA = [
    Column("number", _("Number"), "integer", about=_("The key of the row; never used again.")),
    Column("published_on", _("Published on"), "date", about=_("The day of the entry.")),
    Column("what", _("What was wrong")),
    Column("published_in", _("Published in"), about=_("Where it was published or quoted.")),
    Column("dataset", _("Dataset"), values=Erratum.Dataset.choices, missing=NO_FIGURE),
    Column("figure", _("Figure"), missing=NO_FIGURE, about=_("What is counted, of whom.")),
    Column("old_value", _("Figure as published"), "integer", unit="figure", missing=NO_FIGURE),
    Column(
        "old_denominator",
        _("Its denominator"),
        "integer",
        unit="figure",
        missing=NO_FIGURE,
        about=_("Of how many."),
    ),
    Column(
        "new_value",
        _("Figure as corrected"),
        "integer",
        unit="figure",
        missing=NO_FIGURE,
        about=_("Missing beside an old one: it was withdrawn without another."),
    ),
    Column(
        "new_denominator",
        _("Its denominator"),
        "integer",
        unit="figure",
        missing=NO_FIGURE,
        about=_("Of how many."),
    ),
    Column("wrong_since", _("Wrong since"), "date", missing=("not_stated",)),
    Column("corrected_on", _("Right since"), "date"),
    Column(
        "corrects",
        _("Corrects"),
        "integer",
        missing=NO_FIGURE,
        about=_("The number of the entry that this one corrects."),
    ),
    SYNTHETIC,
    WHY,
]
