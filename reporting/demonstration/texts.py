"""What the invented reports say: sentences of our own that state no fact about anybody."""

from collections.abc import Sequence
from random import Random
from typing import Any

from commitments.models import Commitment
from members.models import Member

from ..models import Answer

MARK = "[Synthetic]"
Status = Answer.Status

MATTERS = {
    "victims": "support for victims",
    "prevention": "prevention",
    "awareness": "awareness and education",
    "law_enforcement": "investigation",
    "legislation": "the legal framework",
    "removal": "reporting and removal",
    "private_sector": "the dialogue with companies",
    "data_sharing": "shared databases",
    "capacity": "training and resources",
    "research": "evidence and research",
    "cooperation": "work with partners",
    "reporting": "reporting and review",
}
NARRATIVES: dict[str, Sequence[str]] = {
    Status.NOT_STARTED: [
        "Work on {matter} has not begun. The units concerned have been named.",
        "Nothing has been done on {matter} so far; a first meeting is to be called.",
    ],
    Status.PLANNED: [
        "A plan for {matter} has been drafted and awaits a decision.",
        "The steps on {matter} are agreed in outline. A budget has been asked for.",
        "A working group on {matter} has been set up and is to propose first measures.",
    ],
    Status.IN_PROGRESS: [
        "Work on {matter} is under way. A first phase is complete and a second has begun.",
        "The measures on {matter} are being carried out in stages, with a review after each.",
        "A pilot on {matter} is running. Its results will decide how the work goes on.",
        "Guidance on {matter} has been written with practitioners and is being tried.",
    ],
    Status.IMPLEMENTED: [
        "The measures on {matter} are in place and are looked at again every year.",
        "What was promised on {matter} has become part of ordinary work.",
        "The work on {matter} is complete. It is kept up by a permanent unit.",
    ],
    Status.NOTHING_TO_REPORT: ["There is nothing new to report on {matter} in this round."],
    Status.NOT_APPLICABLE: ["The clause was looked at together with the units concerned."],
}
NEXT_STEPS = [
    "Complete the second phase and publish what was learnt.",
    "Train further staff and appoint a contact for partners.",
    "Review the measures and settle their funding.",
    "Invite practitioners to comment on the draft guidance.",
]
OBSTACLES = [
    "Staff with the skills needed are hard to keep.",
    "Procurement took longer than planned.",
    "Responsibilities are spread over several offices.",
    "Data from different offices cannot yet be compared.",
]
SUPPORT = [
    "An exchange with members who have done this before.",
    "Examples of guidance and training material.",
]
EVIDENCE = ["Summary of the measures", "Terms of reference", "Review of the first phase"]
NOT_APPLICABLE = "The clause is worded for governments; the member works under another mandate."
NOTHING = {
    "status": Status.NOTHING_TO_REPORT.value,
    "narrative": f"{MARK} There is nothing to report in this round.",
}
RETURNED = f"{MARK} Please say for two of the answers what has changed since the last round."
WITHDRAWN = f"{MARK} Withdrawn at the member's request: one answer is to be corrected."
ASKED = f"{MARK} The ministry that holds the figures answers in autumn."
COMMENT = f"{MARK} Please say what has changed here since the last round."
OBJECTED = f"{MARK} The law named here came into force a month later than it says."
EXTENDED = f"{MARK} The office that writes the report is being reorganised."
EXCUSED = f"{MARK} No report is asked for in this round: the member's office is moving."


def answer(
    clause: Commitment, themes: Sequence[str], member: Member, effort: float, dice: Random
) -> dict[str, Any]:
    """What an invented member says on a clause; `effort` (0 to 1) tells how far it has come."""
    status = _status(clause, member, effort, dice)
    matter = MATTERS[dice.choice(themes)]
    said: dict[str, Any] = {
        "status": status,
        "narrative": marked(dice.choice(NARRATIVES[status]).format(matter=matter)),
        "visibility": _visibility(dice),
    }
    if status == Status.NOT_APPLICABLE:
        said["not_applicable_because"] = marked(NOT_APPLICABLE)
    if status in (Status.PLANNED, Status.IN_PROGRESS):
        said["next_steps"] = marked(dice.choice(NEXT_STEPS))
        if dice.random() < 0.3:
            said["obstacles"] = marked(dice.choice(OBSTACLES))
        if dice.random() < 0.15:
            said["support_requested"] = marked(dice.choice(SUPPORT))
    if status in (Status.IN_PROGRESS, Status.IMPLEMENTED) and dice.random() < 0.25:
        said["evidence"] = [_evidence(clause, dice)]
    return said


def marked(text: str) -> str:
    return f"{MARK} {text}"


def _status(clause: Commitment, member: Member, effort: float, dice: Random) -> str:
    for_governments = clause.statement.code in ("2012", "2014-GOV", "2015")
    if for_governments and member.kind != Member.Kind.GOVERNMENT and dice.random() < 0.4:
        return Status.NOT_APPLICABLE
    if dice.random() < 0.04:
        return Status.NOTHING_TO_REPORT
    reached = min(max(dice.gauss(effort, 0.2), 0), 1)
    steps = [Status.NOT_STARTED, Status.PLANNED, Status.IN_PROGRESS, Status.IMPLEMENTED]
    return steps[min(int(reached * 4.2), 3)]


def _visibility(dice: Random) -> str:
    levels = [Answer.Visibility.PUBLIC, Answer.Visibility.MEMBERS, Answer.Visibility.SECRETARIAT]
    return dice.choices(levels, weights=[92, 5, 3])[0]


def _evidence(clause: Commitment, dice: Random) -> dict[str, str]:
    title = dice.choice(EVIDENCE)
    slug = title.lower().replace(" ", "-")
    url = f"https://example.org/{clause.reference.lower()}/{slug}"
    return {"title": marked(title), "url": url}
