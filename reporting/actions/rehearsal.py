"""A reminder of the days to come, sent to the one who wants to see it."""

from django.db import transaction
from django.utils.translation import gettext as _

from members import outbox
from members.languages import long_date
from members.models import Message, User

from ..rehearsal import REHEARSAL, Letter, written
from ..reminders import AS_IT_IS


@transaction.atomic
def send_rehearsal(letter: Letter, *, to: User) -> Message:
    """Queues the letter's text for `to`, marked as a rehearsal; its own reader gets nothing."""
    real = written(letter)
    return outbox.queue(
        kind=Message.Kind.WORKFLOW,
        to=to.email,
        person=to,
        subject=_("Rehearsal: %(subject)s") % {"subject": real.subject},
        body=f"{_heading(letter)}\n\n{real.body}",
        language=letter.language,
        about=REHEARSAL,
        synthetic=letter.synthetic,
    )


def _heading(letter: Letter) -> str:
    """To whom it goes and when; of a trial also what is tried, for it goes nowhere."""
    day = long_date(letter.on)
    if letter.trial == AS_IT_IS:
        goes = _(
            "This is a rehearsal. If nothing changes, this message goes to %(reader)s on %(day)s. "
            "It brings its days as calendar entries then; this copy brings none."
        )
        return goes % {"reader": letter.person.email, "day": day}
    would = _("A trial: it would go to %(to)s on %(day)s. Nothing is changed.")
    return " ".join([would % {"to": letter.person.email, "day": day}, *letter.trial.words])
