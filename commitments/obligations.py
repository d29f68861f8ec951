"""Why a member owes what it owes, in words, and all that one member owes on a day."""

import datetime as dt

from django.utils.translation import gettext as _

from members.models import Member

from .models import Commitment, Obligation
from .querysets import ObligationQuerySet


def reason(line: Obligation) -> str:
    """Why the member owes this clause, on the line's strongest basis, as a sentence.

    Reads the line's commitment, statement and via: select them with the lines.
    """
    words = {"statement": line.statement.code, "via": line.via.code}
    if line.basis == Obligation.Basis.SIGNATURE:
        return _("Its name stands under %(statement)s.") % words
    if line.basis == Obligation.Basis.ENDORSEMENT:
        return (
            _(
                "By endorsement (reading of the %(via)s text): its name stands under %(via)s, "
                "which endorses %(statement)s."
            )
            % words
        )
    if line.basis == Obligation.Basis.PARTICIPATION:
        return _("It is recorded as having taken part in the summit of %(statement)s.") % words
    if line.commitment.applies_to == Member.Kind.GOVERNMENT:
        return _("%(statement)s binds every government member of the alliance.") % words
    return _("%(statement)s binds every member of the alliance.") % words


def owed_by(member: Member, day: dt.date) -> ObligationQuerySet:
    """The lines of what a member owes on `day`, in the order of the texts, in one query."""
    lines = Obligation.objects.lines(day).filter(member=member)
    return lines.select_related("member", "commitment", "statement", "via")


def owes(member: Member, commitment: Commitment, day: dt.date) -> bool:
    """Does the member owe this clause on `day`? An answer that it does not owe is voluntary."""
    owed = Obligation.objects.in_force(day).filter(member=member, commitment=commitment)
    return owed.exists()
