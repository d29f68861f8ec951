"""What the secretariat types about statements: signatures, meetings, and drafts of new texts."""

from .drafts import DraftForm, PartForm, PrintedForm, SettleForm, SureForm, Versioned
from .register import (
    AboutMeeting,
    AccedeForm,
    AttendanceForm,
    CancelForm,
    CorrectAccessionForm,
    CorrectWithdrawalForm,
    MeetingForm,
    PositionForm,
    StrikeForm,
    WithdrawForm,
)

__all__ = [
    "AboutMeeting",
    "AccedeForm",
    "AttendanceForm",
    "CancelForm",
    "CorrectAccessionForm",
    "CorrectWithdrawalForm",
    "DraftForm",
    "MeetingForm",
    "PartForm",
    "PositionForm",
    "PrintedForm",
    "SettleForm",
    "StrikeForm",
    "SureForm",
    "Versioned",
    "WithdrawForm",
]
