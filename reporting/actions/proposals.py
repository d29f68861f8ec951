"""A focal point takes over what a contributor proposed, or sets it aside."""

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.models import Commitment
from members.models import User

from .. import rules
from ..models import Proposal, ProposalVersion, Report
from .moving import record
from .writing import Written, save_answer


@transaction.atomic
def take_over(
    report: Report,
    commitment: Commitment,
    *,
    proposed: int,
    base_version: int,
    by: User,
    at: dt.datetime,
) -> Written:
    """The answer after it took over version `proposed` of the proposal, word for word.

    Saved as every answer is: Conflict when the answer is no longer the one that was read
    (`base_version`). A later version of the proposal goes on waiting. Repeating is a success.
    """
    version = _version(report, commitment, proposed, by)
    facts = {"base_version": base_version, "by": by, "at": at, "origin": "proposal"}
    answer = save_answer(report, commitment, said=version.said(), **facts)
    _settle("take_over", version, report, by=by, at=at)
    return answer


@transaction.atomic
def set_aside(
    report: Report, commitment: Commitment, *, proposed: int, by: User, at: dt.datetime
) -> None:
    """Leaves the answer as it is; version `proposed` of the proposal waits no longer."""
    version = _version(report, commitment, proposed, by)
    _settle("set_aside", version, report, by=by, at=at)


def _version(report: Report, commitment: Commitment, number: int, by: User) -> ProposalVersion:
    if not rules.can_delegate(by, report):
        raise PermissionDenied("the focal point of the member")
    of = {"proposal__answer__report": report, "proposal__answer__commitment": commitment}
    found = ProposalVersion.objects.filter(**of, version=number).select_related("proposal")
    if version := found.first():
        return version
    raise ValidationError({"proposed": _("There is no such version of the proposal.")})


def _settle(
    verb: str, version: ProposalVersion, report: Report, *, by: User, at: dt.datetime
) -> None:
    rows = Proposal.objects.filter(pk=version.proposal_id, settled__lt=version.version)
    if rows.update(settled=version.version):
        clause = version.proposal.answer.commitment.reference
        record(verb, report, by=by, at=at, commitment=clause, proposed=version.version)
