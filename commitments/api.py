"""The resources of API version 1 that show the register: what was promised, and by whom."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from members.api.parameters import Moment
from members.api.problems import Fault, Refused
from members.api.resources import Resource, Row
from members.api.shape import Inclusion
from members.models import FormerCode, GroupMember, Member

from .filters import (
    CommitmentFilters,
    MemberFilters,
    ObligationFilters,
    SignatureFilters,
    StatementFilters,
)
from .models import Commitment, Lineage, Obligation, Signature, Statement, Theme
from .search import read
from .serializers import (
    CommitmentRow,
    MemberRow,
    ObligationRow,
    SignatureRow,
    StatementRow,
    commitment_row,
    member_row,
    obligation_row,
    signature_row,
    statement_row,
)

END_OF_TIME = Value(dt.date.max)  # what has no such day comes after all that have one


class Statements(Resource):
    name = "statements"
    about = "The public texts by which members bound themselves: six codes, five texts."
    key = ("code",)
    item = "code"
    filters = StatementFilters
    row = StatementRow
    orders = {
        "adopted_on": "adopted_on",
        "signatory_count": "signatory_count",
        "commitment_count": "commitment_count",
    }

    def found(self, moment: Moment) -> QuerySet:
        signed = Signature.objects.on(moment.day)
        members = Member.objects.on(moment.day).order_by().annotate(one=Value(1)).values("one")
        return Statement.objects.select_related("endorses").annotate(
            signatory_count=_count_of(signed),
            member_count=Subquery(members.annotate(n=Count("pk")).values("n")),
            commitment_count=_count_of(Commitment.objects.leaves()),
            clause_count=_count_of(Commitment.objects.all()),
        )

    def rows(self, objects: Sequence[Statement], moment: Moment) -> list[Row]:
        return [statement_row(statement) for statement in objects]


class Commitments(Resource):
    name = "commitments"
    about = "The clauses of all statements in their official wording, parents too."
    key = ("reference",)
    item = "reference"
    filters = CommitmentFilters
    row = CommitmentRow
    orders = {
        "statement": "statement__code",
        "position": "position",
        "due_on": Coalesce("due_on", END_OF_TIME),
        "title": "title",
    }
    includes = {"statement": Inclusion(Statements(), lambda row: row["statement"])}

    def found(self, moment: Moment) -> QuerySet:
        links = Lineage.objects.select_related("target_commitment", "target_statement")
        return (
            Commitment.objects.with_leaf()
            .select_related("statement", "parent")
            .prefetch_related(
                Prefetch("themes", Theme.objects.order_by("code")), Prefetch("links_out", links)
            )
        )

    def rows(self, objects: Sequence[Commitment], moment: Moment) -> list[Row]:
        return [commitment_row(commitment) for commitment in objects]

    def notes(self, given: Mapping[str, str]) -> dict[str, str]:
        return told_of_search(given)


def told_of_search(given: Mapping[str, str]) -> dict[str, str]:
    """The groups of terms by which a question was widened, as a header."""
    widened = read(given["q"]).widened if "q" in given else ()
    return {"X-Widened": ", ".join(widened)} if widened else {}


class Members(Resource):
    name = "members"
    about = (
        "The members of the alliance on a day, with their dated names, groups and the statements "
        "that bear their names. An unknown joining day counts as always."
    )
    key = ("code",)
    item = "code"
    dated = True
    filters = MemberFilters
    row = MemberRow
    orders = {
        "name": "display_name",
        "kind": "kind",
        "region": "region",
        "joined_on": Coalesce("joined_on", END_OF_TIME),
    }

    def found(self, moment: Moment) -> QuerySet:
        return self.known(moment).on(moment.day)  # type: ignore[attr-defined]

    def known(self, moment: Moment) -> QuerySet:
        """Former members too: what they reported still refers to them."""
        places = GroupMember.objects.in_force(moment.day).select_related("group")
        signed = Signature.objects.on(moment.day).select_related("statement")
        return (
            Member.objects.named(moment.day)
            .select_related("part_of", "reports_through")
            .prefetch_related(
                "names",
                Prefetch("places", places.order_by("group__code", "role", "since")),
                Prefetch("signatures", signed),
            )
        )

    def one(self, key: str, moment: Moment) -> Any:
        """410 for the code of a record that was merged, with the code that it leads to."""
        try:
            return super().one(key, moment)
        except Refused:
            merged = FormerCode.objects.filter(code=key).select_related("member").first()
            if merged is None:
                raise
            detail = f"This record was merged into {merged.member.code}."
            raise Refused(410, Fault("address", "merged", detail)) from None

    def rows(self, objects: Sequence[Member], moment: Moment) -> list[Row]:
        return [member_row(member, moment.day) for member in objects]


OF_MEMBER = {"member": Inclusion(Members(), lambda row: row["member"])}
OF_STATEMENT = {"statement": Inclusion(Statements(), lambda row: row["statement"])}
OF_COMMITMENT = {"commitment": Inclusion(Commitments(), lambda row: row["commitment"])}


class Signatures(Resource):
    name = "signatures"
    about = "The names under the statements, exactly as printed, that stand there on a day."
    key = ("member__code", "statement__code")
    dated = True
    filters = SignatureFilters
    row = SignatureRow
    orders = {
        "statement": "statement__code",
        "signed_on": "signed_on",
        "name_as_printed": "name__text",
    }
    includes = OF_MEMBER | OF_STATEMENT

    def found(self, moment: Moment) -> QuerySet:
        signed = Signature.objects.on(moment.day)
        return signed.select_related("member", "statement", "name")

    def rows(self, objects: Sequence[Signature], moment: Moment) -> list[Row]:
        return [signature_row(signature) for signature in objects]


class Obligations(Resource):
    name = "obligations"
    about = (
        "Who owes what on a day, why, since and until when: one row per member and leaf. "
        "An obligation here is a political commitment, not a legal one. Endorsement is a reading "
        "of the 2015 text; it is always told apart."
    )
    key = ("member__code", "commitment__reference")
    dated = True
    filters = ObligationFilters
    row = ObligationRow
    orders = {"commitment": "commitment__reference"}
    includes = OF_MEMBER | OF_STATEMENT | OF_COMMITMENT

    def found(self, moment: Moment) -> QuerySet:
        lines = Obligation.objects.lines(moment.day)
        return lines.select_related("member", "commitment", "statement", "via")

    def rows(self, objects: Sequence[Obligation], moment: Moment) -> list[Row]:
        return [obligation_row(line) for line in objects]


def _count_of(rows: QuerySet) -> Any:
    """How many of the rows belong to each statement, 0 where none do."""
    of_statement = rows.filter(statement=OuterRef("pk")).order_by().values("statement")
    counted = of_statement.annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


RESOURCES = [Statements(), Commitments(), Members(), Signatures(), Obligations()]
