"""The verbs of reporting: nothing else changes the state of a report.

Each is one transaction: lock, check against the table of moves, write, record the event, queue
the messages. All raise PermissionDenied when the person may never, and WrongMoment when not now.
"""

from .announcement import (
    announce_receipts,
    announcement_from,
    can_be_announced,
    can_be_told,
    tell_members,
    told_on,
)
from .collective import (
    CollectiveChanged,
    publish_collective,
    withdraw_collective,
    write_collective,
)
from .comments import comment, object_to, reply, resolve
from .delegation import assign, remind_of_assignments, restrict, take_back, unrestrict
from .due_questions import remind_of_dates
from .elsewhere import link_report, strike_link
from .entering import confirm, dispute, enter, go_on_entering
from .errata import publish_erratum
from .form import keep_form
from .guidance import GuidanceChanged, write_guidance
from .handover import hand_over
from .importing import take_workbook
from .language import say_language
from .merging import Preview as MergePreview
from .merging import merge
from .merging import preview as preview_merge
from .moving import NotReady, Unexplained
from .observing import ObservationChanged, save_observation
from .plans import PlanChanged, save_plan, version_of
from .proposals import set_aside, take_over
from .publication import publish, withdraw, withdrawal_of
from .rehearsal import send_rehearsal
from .requests import ask_extension, extend_round, is_submitted, refuse_extension
from .review import accept, send_back, start_review
from .reviewers import assign_review, give_back_review, take_review
from .rounds import decide_extension, take_back_extension
from .submission import submit
from .writing import (
    Conflict,
    agree,
    recall,
    reopen,
    save_answer,
    sign_no_change,
    start_report,
)

__all__ = [
    "CollectiveChanged",
    "Conflict",
    "GuidanceChanged",
    "MergePreview",
    "NotReady",
    "ObservationChanged",
    "PlanChanged",
    "Unexplained",
    "accept",
    "agree",
    "announce_receipts",
    "announcement_from",
    "ask_extension",
    "assign",
    "assign_review",
    "can_be_announced",
    "can_be_told",
    "comment",
    "confirm",
    "decide_extension",
    "dispute",
    "enter",
    "extend_round",
    "give_back_review",
    "go_on_entering",
    "hand_over",
    "is_submitted",
    "keep_form",
    "link_report",
    "merge",
    "object_to",
    "preview_merge",
    "publish",
    "publish_collective",
    "publish_erratum",
    "recall",
    "refuse_extension",
    "remind_of_assignments",
    "remind_of_dates",
    "reopen",
    "reply",
    "resolve",
    "restrict",
    "save_answer",
    "save_observation",
    "save_plan",
    "say_language",
    "send_back",
    "send_rehearsal",
    "set_aside",
    "sign_no_change",
    "start_report",
    "start_review",
    "strike_link",
    "submit",
    "take_back",
    "take_back_extension",
    "take_over",
    "take_review",
    "take_workbook",
    "tell_members",
    "told_on",
    "unrestrict",
    "version_of",
    "withdraw",
    "withdraw_collective",
    "withdrawal_of",
    "write_collective",
    "write_guidance",
]
