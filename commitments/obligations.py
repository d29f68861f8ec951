"""Why a member owes what it owes, in words, and all that one member owes on a day."""

import datetime as dt

from django.utils.translation import gettext as _

from members.languages import isolated, said
from members.models import Member

from .models import Commitment, Obligation, Statement
from .querysets import ObligationQuerySet


def reason(line: Obligation) -> str:
    """Why the member owes this clause, on the line's strongest basis, as a sentence.

    Reads the line's commitment, statement and via: select them with the lines.
    """
    words = {"statement": _named(line.statement), "via": _named(line.via)}
    words["year"] = str(line.via.adopted_on.year)
    if line.basis == Obligation.Basis.SIGNATURE:
        return _("Its name stands under %(statement)s.") % words
    if line.basis == Obligation.Basis.ENDORSEMENT:
        return (
            _(
                "By endorsement (reading of the %(year)s text): its name stands under %(via)s, "
                "which endorses %(statement)s."
            )
            % words
        )
    if line.basis == Obligation.Basis.PARTICIPATION:
        return _("It is recorded as having taken part in the summit behind %(statement)s.") % words
    if line.commitment.applies_to == Member.Kind.GOVERNMENT:
        return (
            _("By its membership: %(statement)s, binds every government member of the alliance.")
            % words
        )
    return _("By its membership: %(statement)s, binds every member of the alliance.") % words


def _named(statement: Statement) -> str:
    """A statement as a sentence names it: "the statement of London, 2014 (2014-GOV)"."""
    words = {
        "code": isolated(statement.code),
        "place": said(statement.place),
        "year": statement.adopted_on.year,
    }
    named = {
        "2012": _("the Declaration of %(place)s, %(year)s"),
        "2022": _("the Communique of %(place)s, %(year)s"),
    }
    other = _("the Statement of %(place)s, %(year)s (%(code)s)")
    return named.get(statement.code, other) % words


def owed_by(member: Member, day: dt.date) -> ObligationQuerySet:
    """The lines of what a member owes on `day`, in the order of the texts, in one query."""
    lines = Obligation.objects.lines(day).filter(member=member)
    return lines.select_related("member", "commitment", "statement", "via")


def owes(member: Member, commitment: Commitment, day: dt.date) -> bool:
    """Does the member owe this clause on `day`? An answer that it does not owe is voluntary."""
    owed = Obligation.objects.in_force(day).filter(member=member, commitment=commitment)
    return owed.exists()
