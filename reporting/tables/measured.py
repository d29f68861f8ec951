"""The columns of the datasets that show what was measured, and the verdicts on it."""

from django.utils.translation import gettext_lazy as _

from members.missing import FEWER_THAN_5

from .columns import Column
from .register import CLAUSE, MEMBER, WHY
from .reported import SYNTHETIC

INDICATORS = [
    Column("indicator", _("Indicator"), about=_("The key of the row.")),
    Column("title", _("Title")),
    CLAUSE,
    Column("unit", _("Unit")),
    Column("definition", _("Definition")),
]
INDICATOR = Column("indicator", _("Indicator"), about=_("The code of the indicator."))
YEAR = Column("year", _("Year"), "integer", unit="year")

OBSERVATIONS = [
    INDICATOR,
    MEMBER,
    YEAR,
    Column("value", _("Value"), "integer", unit="indicator", missing=(FEWER_THAN_5,)),
    SYNTHETIC,
    WHY,
]

VERDICTS = [
    INDICATOR,
    YEAR,
    Column(
        "member",
        _("Member"),
        missing=("not_applicable",),
        about=_("Always missing: the verdict is the alliance's."),
    ),
    SYNTHETIC,
    Column(
        "verdict",
        _("Verdict"),
        values=[
            ("met", _("met")),
            ("not_met", _("not met")),
            ("cannot_tell", _("cannot be told")),
        ],
    ),
    Column(
        "reason",
        _("Reason"),
        values=[
            ("no_value", _("no value for the year")),
            ("no_base", _("no earlier year")),
            ("gap_year", _("the year before is missing")),
            ("zero_base", _("no percentage can be taken of 0")),
        ],
        missing=("not_applicable",),
        about=_("Why it cannot be told."),
    ),
    Column("arithmetic", _("Arithmetic"), about=_("How the verdict comes about.")),
    Column(
        "value",
        _("Value"),
        "integer",
        unit="indicator",
        missing=("no_value",),
        about=_("The sum over the members that are compared."),
    ),
    Column(
        "members_counted",
        _("Members counted"),
        "integer",
        unit="members",
        out_of="members_observed",
        about=_("Those that the value sums up."),
    ),
    Column(
        "members_observed",
        _("Members observed"),
        "integer",
        unit="members",
        about=_("Those with any published observation of the indicator."),
    ),
    WHY,
]
