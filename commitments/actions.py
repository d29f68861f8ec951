"""What changes a member's place under statements: accession, withdrawal, a recorded position.

Each is one dated fact in the member's record (`members.actions.records`); what the member owes
follows by itself, for obligations are computed from these facts.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from members.actions.records import Writing, recording, store
from members.models import Member, Name

from .models import Position, Signature, Statement


def accede(
    member: Member,
    writing: Writing,
    *,
    statement: Statement,
    printed: str,
    on: dt.date,
    source: str,
) -> None:
    """The member's name stands under the statement from this day on, written as `printed`."""
    code, day = statement.code, on.isoformat()
    with recording(member, "acceded", writing, statement=code, on=day) as locked:
        Statement.objects.select_for_update().get(pk=statement.pk)  # one place a name in its list
        if locked.signatures.filter(statement=statement).exists():
            raise ValidationError({"statement": _("Its name stands under this statement already.")})
        if on < statement.adopted_on:
            raise ValidationError({"on": _("This is before the statement was adopted.")})
        last = statement.signatures.aggregate(last=Max("position"))["last"] or 0
        name = Name(member=locked, text=printed, statement=code, since=on, source=source[:200])
        store(name)
        place = {"statement": statement, "member": locked, "name": name, "position": last + 1}
        store(Signature(**place, signed_on=on, source_note=source))


def withdraw(
    member: Member, writing: Writing, *, signature: Signature, on: dt.date, source: str
) -> None:
    """The member is no longer bound by its signature from this day on."""
    code, day = signature.statement.code, on.isoformat()
    with recording(member, "withdrew", writing, statement=code, on=day) as locked:
        held = locked.signatures.get(pk=signature.pk)
        if on < held.signed_on:
            raise ValidationError({"on": _("This is before it signed.")})
        held.withdrawn_on, held.withdrawal_source = on, source
        store(held)


def take_position(
    member: Member,
    writing: Writing,
    *,
    statement: Statement,
    on_endorsement: bool,
    text: str,
    on: dt.date,
    source: str,
) -> None:
    """What the member has said about a statement, shown beside it. It changes no obligation."""
    code, day = statement.code, on.isoformat()
    with recording(member, "position recorded", writing, statement=code, on=day) as locked:
        if on_endorsement and statement.endorses_id is None:
            raise ValidationError({"on_endorsement": _("This statement endorses no other.")})
        facts = {"statement": statement, "on_endorsement": on_endorsement, "on": on}
        said = locked.positions.filter(**facts).first() or Position(member=locked, **facts)
        said.text, said.source = text, source
        store(said)
