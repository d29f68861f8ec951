"""The columns of the dataset that has the figures of summaries one a row."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from members.models import Member

from ..tables.columns import Column
from ..tables.register import WHY
from ..tables.reported import CYCLE, SYNTHETIC
from .scopes import KINDS
from .telling import SORTS, UNTIL_ANNOUNCED

OUT_OF = [
    ("members", _("members of the kind whom the scope is about")),
    ("expected", _("of those, the ones from whom a report was expected")),
    ("published", _("of those, the ones whose report is published")),
    ("obligations", _("obligations of these members on the clauses of the scope")),
    ("answers", _("published answers to these obligations")),
    ("compared", _("answers that can be compared with one of the round before")),
]
NOT_COUNTED = (
    *("not_collected", "not_open", "reports_through_another", "no_earlier_round"),
    *("no_data", "not_applicable", "never_published"),
)
WITHOUT_A_NUMBER = (
    *NOT_COUNTED,
    *("not_yet_published", "not_expected", "no_members"),
    *("nothing_owed", "nothing_published", "nothing_to_compare"),
)

FIGURES = [
    Column("scope", _("Scope"), about=_("What is summed up: cycle-2026, member-ALB.")),
    Column("scope_kind", _("Kind of scope"), values=[(kind, SORTS[kind]) for kind in KINDS]),
    Column("scope_code", _("Code of what is summed up")),
    CYCLE,
    Column("kind", _("Kind of member"), values=Member.Kind.choices),
    Column(
        "figure",
        _("Figure"),
        about=format_lazy(
            "{what} {until}",
            what=_(
                "What is counted. The code list says it in words; summaries has the same names."
            ),
            until=UNTIL_ANNOUNCED,
        ),
    ),
    Column(
        "by_endorsement",
        _("Owed by endorsement"),
        "boolean",
        about=_("True where only what is owed by endorsement is counted, and false where none is."),
    ),
    Column(
        "numerator",
        _("Numerator"),
        "integer",
        unit="out_of",
        out_of="denominator",
        missing=WITHOUT_A_NUMBER,
    ),
    Column("denominator", _("Denominator"), "integer", unit="out_of", missing=NOT_COUNTED),
    Column("out_of", _("Out of"), values=OUT_OF, about=_("What the denominator counts.")),
    Column(
        "share",
        _("Share"),
        "number",
        missing=WITHOUT_A_NUMBER,
        about=_("Numerator by denominator, rounded to six places; 1 is all."),
    ),
    Column("built_at", _("Built at"), "datetime", about=_("When these figures were first seen.")),
    SYNTHETIC,
    WHY,
]
