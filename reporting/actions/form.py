"""What a round asks is kept when somebody begins to answer it, and when answers are sent."""

import datetime as dt

from django.db import transaction

from ..asked import content_of, sha256
from ..models import Cycle, KeptForm


@transaction.atomic
def keep_form(cycle: Cycle, *, at: dt.datetime) -> KeptForm:
    """The round's form as the register words it now; a new version where it differs.

    May be repeated: what is kept already is returned as it is.
    """
    content = content_of(cycle)
    last = _last(cycle)
    if last is None or last.content != content:
        # Two who begin at once wait here; a weaker lock than that of a foreign key's check.
        Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
        last = _last(cycle)
    if last is None or last.content != content:
        number = last.number + 1 if last else 1
        facts = {"number": number, "content": content, "sha256": sha256(content)}
        last = KeptForm.objects.create(cycle=cycle, kept_at=at, **facts)
    return last


def _last(cycle: Cycle) -> KeptForm | None:
    return KeptForm.objects.filter(cycle=cycle).order_by("number").last()
