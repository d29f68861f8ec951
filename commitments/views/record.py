"""The tab of a member's record about statements: signatures, positions, and what it owes."""

from collections import Counter
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Member
from members.views.records import Deed, Tab, tab_page

from .. import actions, forms, models
from ..obligations import owed_by

COPIES = (
    models.Signature.pgh_event_model,  # type: ignore[attr-defined]
    models.Position.pgh_event_model,  # type: ignore[attr-defined]
    models.Participation.pgh_event_model,  # type: ignore[attr-defined]
)


def _standing(member: Member) -> dict[str, Any]:
    owed = owed_by(member, timezone.now().date())
    counts = Counter((line.statement.code, line.get_basis_display()) for line in owed)
    over = member.obligations.filter(until__lte=timezone.now().date()).select_related("statement")
    ended = Counter((o.statement.code, o.get_basis_display(), o.since, o.until) for o in over)
    return {
        "ended": [(*period, number) for period, number in sorted(ended.items())],
        "signatures": member.signatures.select_related("statement", "name"),
        "positions": member.positions.select_related("statement", "statement__endorses"),
        "attended": member.participations.select_related("meeting").filter(meeting__isnull=False),
        "owed": [(code, basis, number) for (code, basis), number in counts.items()],
    }


signatures = tab_page(
    Tab(
        "record-signatures",
        "commitments/record.html",
        _standing,
        [
            Deed(
                "accede",
                _("Accession to a statement"),
                forms.AccedeForm,
                actions.accede,
                _("The accession is recorded. What it owes has followed."),
            ),
            Deed(
                "withdraw",
                _("Withdrawal from a statement"),
                forms.WithdrawForm,
                actions.withdraw,
                _("The withdrawal is recorded. What it owes has followed."),
                _("What it owes by membership stays while it is a member."),
            ),
            Deed(
                "position",
                _("Position"),
                forms.PositionForm,
                actions.take_position,
                _("The position is recorded."),
                _("Shown beside the obligation. It changes none."),
            ),
            Deed(
                "correct-accession",
                _("Correct an accession"),
                forms.CorrectAccessionForm,
                actions.correct_accession,
                _("The accession is corrected. What it owes has followed."),
                _("For a mistake in typing. The name as printed is a quotation and stays."),
                replaces=True,
            ),
            Deed(
                "correct-withdrawal",
                _("Correct a withdrawal, or take it back"),
                forms.CorrectWithdrawalForm,
                actions.correct_withdrawal,
                _("The withdrawal is corrected. What it owes has followed."),
                _("For a mistake. Who withdrew and accedes again records an accession."),
                replaces=True,
            ),
        ],
        COPIES,
    )
)
