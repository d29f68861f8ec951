"""A reminder of the days to come, sent to the one who wants to see it."""

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members import outbox
from members.models import Message, User

from ..rehearsal import Letter, written


@transaction.atomic
def send_rehearsal(letter: Letter, *, to: User) -> Message:
    """Queues the letter's text for `to`, marked as a rehearsal; its own reader gets nothing."""
    real = written(letter)
    told = _(
        "This is a rehearsal. If nothing changes, this message goes to %(reader)s on %(day)s."
    ) % {"reader": letter.person.email, "day": date_format(letter.on, "j F Y")}
    return outbox.queue(
        kind=Message.Kind.WORKFLOW,
        to=to.email,
        person=to,
        subject=_("Rehearsal: %(subject)s") % {"subject": real.subject},
        body=f"{told}\n\n{real.body}",
        calendar=real.calendar,
        language=letter.language,
        about="rehearsal",
        synthetic=letter.synthetic,
    )
