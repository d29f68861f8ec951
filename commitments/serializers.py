"""The rows of the API that this app serves: what each holds, and how it is made."""

import datetime as dt
from typing import Any

from rest_framework import serializers

from members.missing import NOT_APPLICABLE, NOT_ENDED, NOT_STATED, with_reasons
from members.models import GroupMember, Member, Name

from .models import Commitment, Obligation, Signature, Statement
from .obligations import reason

Row = dict[str, Any]
WHY_MISSING = "By field that is empty, the code of the reason; the dictionary has the words."


def _missing() -> serializers.DictField:
    return serializers.DictField(child=serializers.CharField(), help_text=WHY_MISSING)


class StatementRow(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()
    place = serializers.CharField()
    adopted_on = serializers.DateField()
    act_as_printed = serializers.CharField(
        allow_null=True, help_text="The verb printed over the names; null where none is."
    )
    binding = serializers.ChoiceField(choices=Statement.Binding.values)
    endorses = serializers.CharField(allow_null=True, help_text="The statement that it endorses.")
    signatory_count = serializers.IntegerField(help_text="Members whose names stand under it.")
    member_count = serializers.IntegerField(
        help_text="All members of the alliance today: what signatory_count is counted out of."
    )
    commitment_count = serializers.IntegerField(help_text="Leaves: clauses without sub-clauses.")
    clause_count = serializers.IntegerField(
        help_text="All clauses, parents too: what commitment_count is counted out of."
    )
    missing = _missing()


COUNTS = ("signatory_count", "member_count", "commitment_count", "clause_count")
OF_STATEMENTS = {"act_as_printed": NOT_APPLICABLE, "endorses": NOT_APPLICABLE}


def statement_row(statement: Statement) -> Row:
    """One row of `statements`; needs `endorses` and the four counts."""
    row = {
        "code": statement.code,
        "title": statement.title,
        "place": statement.place,
        "adopted_on": statement.adopted_on,
        "act_as_printed": statement.act_as_printed or None,
        "binding": statement.binding,
        "endorses": statement.endorses.code if statement.endorses else None,
        **{name: getattr(statement, name) for name in COUNTS},
    }
    return with_reasons(row, OF_STATEMENTS)


class LinkRow(serializers.Serializer):
    kind = serializers.CharField(help_text="endorses, refers_to, restates, extends, supersedes")
    target = serializers.CharField(help_text="A reference, or the code of a whole statement.")


class CommitmentRow(serializers.Serializer):
    reference = serializers.CharField()
    statement = serializers.CharField()
    section = serializers.CharField(allow_null=True)
    parent = serializers.CharField(allow_null=True)
    position = serializers.IntegerField(help_text="1, 2, ... in the order of the statement.")
    kind = serializers.ChoiceField(choices=Commitment.Kind.values)
    duty = serializers.ChoiceField(choices=Commitment.Duty.values)
    verified_by = serializers.ChoiceField(choices=Commitment.VerifiedBy.values, allow_null=True)
    applies_to = serializers.CharField(
        allow_null=True, help_text="A narrower circle than the statement's: delegates, government."
    )
    title = serializers.CharField(help_text="Our own short title.")
    lead_in = serializers.CharField(
        allow_null=True, help_text="Quoted opening words, without which the text means nothing."
    )
    text = serializers.CharField(help_text="The official words of the clause.")
    due_on = serializers.DateField(allow_null=True)
    due_precision = serializers.ChoiceField(choices=Commitment.Precision.values, allow_null=True)
    due_modality = serializers.ChoiceField(choices=Commitment.Modality.values, allow_null=True)
    every_months = serializers.IntegerField(allow_null=True)
    themes = serializers.ListField(child=serializers.CharField())
    lineage = LinkRow(many=True, help_text="The links that this clause's text makes to others.")
    is_leaf = serializers.BooleanField()
    source_note = serializers.CharField(allow_null=True)
    missing = _missing()


OF_COMMITMENTS = {
    **dict.fromkeys(("section", "parent", "verified_by", "applies_to", "lead_in"), NOT_APPLICABLE),
    "due_on": NOT_STATED,
    **dict.fromkeys(("due_precision", "due_modality", "every_months"), NOT_APPLICABLE),
    **dict.fromkeys(("lineage", "source_note"), NOT_APPLICABLE),
}


def commitment_row(commitment: Commitment) -> Row:
    """One row of `commitments`; needs `is_leaf` (`with_leaf`) and the prefetches of the API."""
    links = [{"kind": link.kind, "target": link.target} for link in commitment.links_out.all()]
    row = {
        "reference": commitment.reference,
        "statement": commitment.statement.code,
        "section": commitment.section or None,
        "parent": commitment.parent.reference if commitment.parent else None,
        "position": commitment.position,
        "kind": commitment.kind,
        "duty": commitment.duty,
        "verified_by": commitment.verified_by or None,
        "applies_to": commitment.applies_to or None,
        "title": commitment.title,
        "lead_in": commitment.lead_in or None,
        "text": commitment.text,
        "due_on": commitment.due_on,
        "due_precision": commitment.due_precision or None,
        "due_modality": commitment.due_modality or None,
        "every_months": commitment.every_months,
        "themes": sorted(theme.code for theme in commitment.themes.all()),
        "lineage": sorted(links, key=lambda link: (link["kind"], link["target"])),
        "is_leaf": commitment.is_leaf,  # type: ignore[attr-defined]
        "source_note": commitment.source_note or None,
    }
    return with_reasons(row, OF_COMMITMENTS)


class NameRow(serializers.Serializer):
    name = serializers.CharField()
    statement = serializers.CharField(
        allow_null=True, help_text="The statement that prints it; null for a name of its own."
    )
    source = serializers.CharField()
    since = serializers.DateField(allow_null=True)


class PlaceRow(serializers.Serializer):
    group = serializers.CharField(help_text="EU or taskforce")
    role = serializers.CharField()
    since = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True)


class MemberRow(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField(help_text="The newest name of its own known on the day.")
    kind = serializers.ChoiceField(choices=Member.Kind.values)
    region = serializers.ChoiceField(
        choices=Member.Region.values,
        allow_null=True,
        help_text="UN M49, a statistical grouping; null for organisations.",
    )
    part_of = serializers.CharField(allow_null=True)
    reports_through = serializers.CharField(allow_null=True)
    joined_on = serializers.DateField(allow_null=True)
    left_on = serializers.DateField(allow_null=True)
    names = NameRow(many=True, help_text="Its own and the printed names known on the day.")
    groups = PlaceRow(many=True, help_text="Places in force on the day.")
    statements = serializers.ListField(
        child=serializers.CharField(),
        help_text="Statements under which its name stands on the day.",
    )
    missing = serializers.DictField(
        child=serializers.CharField(),
        help_text=f"{WHY_MISSING} A field of a list's entry is named by its path: names.0.since.",
    )


OF_MEMBERS = {
    **dict.fromkeys(("region", "part_of", "reports_through"), NOT_APPLICABLE),
    **dict.fromkeys(("groups", "statements"), NOT_APPLICABLE),
    "joined_on": NOT_STATED,
    "left_on": NOT_ENDED,
}
IN_MEMBERS = {
    "names": {"statement": NOT_APPLICABLE, "since": NOT_STATED},
    "groups": {"since": NOT_STATED, "until": NOT_ENDED},
}


def member_row(member: Member, day: dt.date) -> Row:
    """One row of `members` as known on `day`; needs `display_name` and the API's prefetches."""
    names = [name for name in member.names.all() if name.since is None or name.since <= day]
    row = {
        "code": member.code,
        "name": member.display_name,  # type: ignore[attr-defined]
        "kind": member.kind,
        "region": member.region or None,
        "part_of": member.part_of.code if member.part_of else None,
        "reports_through": member.reports_through.code if member.reports_through else None,
        "joined_on": member.joined_on,
        "left_on": member.left_on,
        "names": [_name_row(name) for name in names],
        "groups": [_place_row(place) for place in member.places.all()],
        "statements": sorted(signature.statement.code for signature in member.signatures.all()),
    }
    return with_reasons(row, OF_MEMBERS, IN_MEMBERS)


def _name_row(name: Name) -> Row:
    return {
        "name": name.text,
        "statement": name.statement or None,
        "source": name.source,
        "since": name.since,
    }


def _place_row(place: GroupMember) -> Row:
    return {
        "group": place.group.code,
        "role": place.role,
        "since": place.since,
        "until": place.until,
    }


class SignatureRow(serializers.Serializer):
    member = serializers.CharField()
    statement = serializers.CharField()
    name_as_printed = serializers.CharField()
    signed_on = serializers.DateField()
    signed_on_inferred = serializers.BooleanField(
        help_text="True where the text dates no name and the day of adoption is taken."
    )
    withdrawn_on = serializers.DateField(allow_null=True)
    source_note = serializers.CharField(allow_null=True)
    missing = _missing()


OF_SIGNATURES = {"withdrawn_on": NOT_ENDED, "source_note": NOT_APPLICABLE}


def signature_row(signature: Signature) -> Row:
    """One row of `signatures`."""
    row = {
        "member": signature.member.code,
        "statement": signature.statement.code,
        "name_as_printed": signature.name.text,
        "signed_on": signature.signed_on,
        "signed_on_inferred": signature.signed_on_inferred,
        "withdrawn_on": signature.withdrawn_on,
        "source_note": signature.source_note or None,
    }
    return with_reasons(row, OF_SIGNATURES)


class ObligationRow(serializers.Serializer):
    """A political commitment, not a legal one."""

    member = serializers.CharField()
    commitment = serializers.CharField()
    statement = serializers.CharField()
    basis = serializers.ChoiceField(choices=Obligation.Basis.values, help_text="The strongest.")
    bases = serializers.ListField(
        child=serializers.ChoiceField(choices=Obligation.Basis.values),
        help_text="All bases in force on the day, the strongest first.",
    )
    via = serializers.CharField(
        allow_null=True, help_text="The endorsing statement, where the basis is endorsement."
    )
    since = serializers.DateField(help_text="The earliest beginning of its bases.")
    until = serializers.DateField(
        allow_null=True, help_text="The latest end of its bases; null while one is open."
    )
    reason = serializers.CharField()
    missing = _missing()


OF_OBLIGATIONS = {"via": NOT_APPLICABLE, "until": NOT_ENDED}


def obligation_row(line: Obligation) -> Row:
    """One row of `obligations`, from a line of `ObligationQuerySet.lines`."""
    row = {
        "member": line.member.code,
        "commitment": line.commitment.reference,
        "statement": line.statement.code,
        "basis": line.basis,
        "bases": line.bases,  # type: ignore[attr-defined]
        "via": line.via.code if line.basis == Obligation.Basis.ENDORSEMENT else None,
        "since": line.first_since,  # type: ignore[attr-defined]
        "until": line.last_until,  # type: ignore[attr-defined]
        "reason": str(reason(line)),
    }
    return with_reasons(row, OF_OBLIGATIONS)
