"""The columns of the datasets that show the register: what was promised, and by whom."""

from django.utils.translation import gettext_lazy as _

from commitments.models import Commitment, Lineage, Obligation, Statement
from members.missing import NOT_APPLICABLE, NOT_ENDED, NOT_STATED
from members.models import Member

from .columns import JSON, Column

NONE, UNSAID, OPEN = (NOT_APPLICABLE,), (NOT_STATED,), (NOT_ENDED,)
WHY = Column(
    "missing",
    _("Why values are missing"),
    "object",
    about=_("By field that is empty, the code of the reason; in tables <name>_missing instead."),
    formats=JSON,
)
MEMBER = Column("member", _("Member"), about=_("The member's code."))
STATEMENT = Column("statement", _("Statement"), about=_("The statement's code."))
CLAUSE = Column("commitment", _("Clause"), about=_("The reference of the clause."))
KIND = Column("kind", _("Kind of member"), values=Member.Kind.choices)
NOTE = Column(
    "source_note", _("Note on the source"), missing=NONE, about=_("Where the source needs a word.")
)

STATEMENTS = [
    Column("code", _("Code"), about=_("The key of the row.")),
    Column("title", _("Title"), about=_("As printed.")),
    Column("place", _("Place")),
    Column("adopted_on", _("Adopted on"), "date"),
    Column(
        "act_as_printed",
        _("Act as printed"),
        missing=NONE,
        about=_("The verb over the names; missing where none is printed."),
    ),
    Column("binding", _("Whom it binds"), values=Statement.Binding.choices),
    Column("endorses", _("Endorses"), missing=NONE, about=_("The statement that it endorses.")),
    Column(
        "signatory_count",
        _("Signatories"),
        "integer",
        unit="members",
        out_of="member_count",
        about=_("Members whose names stand under it today."),
    ),
    Column("member_count", _("Members"), "integer", unit="members", about=_("All members today.")),
    Column(
        "commitment_count",
        _("Commitments"),
        "integer",
        unit="clauses",
        out_of="clause_count",
        about=_("Leaves: clauses without sub-clauses."),
    ),
    Column("clause_count", _("Clauses"), "integer", unit="clauses", about=_("Parents too.")),
    WHY,
]

COMMITMENTS = [
    Column("reference", _("Reference"), about=_("The key of the row; never used again.")),
    STATEMENT,
    Column("section", _("Section"), missing=NONE, about=_("The heading over the clause.")),
    Column("parent", _("Parent"), missing=NONE, about=_("The clause that it is a part of.")),
    Column("position", _("Position"), "integer", about=_("1, 2, ... in the statement's order.")),
    Column("kind", _("Kind of clause"), values=Commitment.Kind.choices),
    Column("duty", _("Whose duty"), values=Commitment.Duty.choices),
    Column(
        "verified_by",
        _("Verified by"),
        values=Commitment.VerifiedBy.choices,
        missing=NONE,
        about=_("What tells whether it was done; missing where nothing is to be told."),
    ),
    Column(
        "applies_to",
        _("Applies to"),
        values=[("delegates", _("those who took part")), ("government", _("government members"))],
        missing=NONE,
        about=_("A narrower circle than the statement's."),
    ),
    Column("title", _("Title"), about=_("Our own short title.")),
    Column(
        "lead_in",
        _("Opening words"),
        missing=NONE,
        about=_("Quoted words without which the text means nothing."),
    ),
    Column("text", _("Text"), about=_("The official words of the clause.")),
    Column("due_on", _("Due on"), "date", missing=UNSAID, about=_("The last day that counts.")),
    Column(
        "due_precision",
        _("Precision of the date"),
        values=Commitment.Precision.choices,
        missing=NONE,
    ),
    Column(
        "due_modality", _("Firmness of the date"), values=Commitment.Modality.choices, missing=NONE
    ),
    Column("every_months", _("Recurs every"), "integer", unit="months", missing=NONE),
    Column("themes", _("Themes"), "list", about=_("Codes of themes.")),
    Column(
        "lineage",
        _("Links to other texts"),
        "objects",
        values=Lineage.Kind.choices,
        parts=("kind", "target"),
        missing=NONE,
        about=_("The links that the text itself makes: their kind, and what they lead to."),
    ),
    Column("is_leaf", _("Leaf"), "boolean", about=_("Has no sub-clauses; reports answer leaves.")),
    NOTE,
    WHY,
]

MEMBERS = [
    Column("code", _("Code"), about=_("The key of the row.")),
    Column("name", _("Name"), about=_("The newest name of its own known on the day.")),
    KIND,
    Column(
        "region",
        _("Region"),
        values=Member.Region.choices,
        missing=NONE,
        about=_("UN M49, a statistical grouping; organisations have none."),
    ),
    Column("part_of", _("Part of"), missing=NONE, about=_("The member it is a part of.")),
    Column(
        "reports_through",
        _("Reports through"),
        about=_("The member whose report speaks for it. Such a member is in no denominator."),
        missing=NONE,
    ),
    Column("joined_on", _("Joined on"), "date", missing=UNSAID, about=_("Missing: since always.")),
    Column(
        "left_on",
        _("Left on"),
        "date",
        missing=OPEN,
        about=_("Missing too for one that came back; as_of knows when it was none."),
    ),
    Column(
        "names",
        _("Names"),
        "objects",
        parts=("name", "statement", "source", "since"),
        about=_("Its own names, and those printed under statements, known on the day."),
    ),
    Column(
        "groups",
        _("Groups"),
        "objects",
        parts=("group", "role", "since", "until"),
        missing=NONE,
        about=_("Its places in groups (EU, taskforce) in force on the day."),
    ),
    Column(
        "statements",
        _("Statements"),
        "list",
        about=_("Those under which its name stands."),
        missing=NONE,
        emptied=True,
    ),
    WHY,
]

SIGNATURES = [
    MEMBER,
    STATEMENT,
    Column("name_as_printed", _("Name as printed"), about=_("A quotation; never corrected.")),
    Column("signed_on", _("Signed on"), "date"),
    Column(
        "signed_on_inferred",
        _("Day inferred"),
        "boolean",
        about=_("True where the text dates no name and the day of adoption is taken."),
    ),
    Column("withdrawn_on", _("Withdrawn on"), "date", missing=OPEN),
    NOTE,
    WHY,
]

OBLIGATIONS = [
    MEMBER,
    CLAUSE,
    STATEMENT,
    Column(
        "basis",
        _("Basis"),
        values=Obligation.Basis.choices,
        about=_("The strongest. A political commitment, not a legal one."),
    ),
    Column(
        "bases",
        _("Bases"),
        "list",
        values=Obligation.Basis.choices,
        about=_("All in force on the day, the strongest first."),
    ),
    Column(
        "via",
        _("Via"),
        missing=NONE,
        about=_("The endorsing statement, where the basis is endorsement."),
    ),
    Column("since", _("Since"), "date", about=_("The earliest beginning of its bases.")),
    Column("until", _("Until"), "date", missing=OPEN, about=_("The first day it holds no more.")),
    Column("reason", _("Reason"), about=_("Why it is owed, in words.")),
    WHY,
]
