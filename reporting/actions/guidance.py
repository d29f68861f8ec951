"""The secretariat tells the writers how a clause is answered."""

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from commitments.models import Commitment
from members import events, rules
from members.models import User

from .. import words
from ..models import Guidance


class GuidanceChanged(Exception):
    """Somebody has written this guidance since it was read. Nothing was written.

    `theirs` is the row that counts now.
    """

    def __init__(self, theirs: Guidance) -> None:
        super().__init__(f"guidance {theirs.number}")
        self.theirs = theirs


@transaction.atomic
def write_guidance(
    commitment: Commitment, text: str, *, base_number: int, by: User, at: dt.datetime
) -> Guidance | None:
    """The guidance that counts for this clause from now on; an empty text takes it away.

    `base_number` is the number that its writer read, 0 where there was none. Raises
    GuidanceChanged when it is no longer the newest, ValidationError (by field) for words that
    cannot be kept. The same text once more changes nothing; None while there never was any.
    """
    if not rules.in_secretariat(by):
        raise PermissionDenied("write_guidance: the secretariat")
    clean = _cleaned(text)
    # One writer at a time for each clause; the row itself is not touched.
    Commitment.objects.select_for_update(of=("self",), no_key=True).get(pk=commitment.pk)
    last = Guidance.objects.filter(commitment=commitment).last()
    if clean == (last.text if last else ""):
        return last
    if last and last.number != base_number:
        raise GuidanceChanged(last)
    row = Guidance.objects.create(
        commitment=commitment,
        number=(last.number if last else 0) + 1,
        text=clean,
        written_at=at,
        written_by=by,
    )
    about = f"guidance:{commitment.reference}"
    events.record("write_guidance", by=by, about=about, chain="guidance", at=at, number=row.number)
    return row


def _cleaned(text: str) -> str:
    try:
        return words.clean_prose(text)
    except ValidationError as error:
        raise ValidationError({"text": error.messages}) from error
