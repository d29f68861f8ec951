"""What is asked of a report before it is submitted: what wants a word, and what has changed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import words
from .models import Answer, Version
from .observations import carried, fell
from .questions import Question
from .serializers import answers_of

Status = Answer.Status
# From least to most; the statuses outside it say nothing about how far a promise is kept.
STEPS = [Status.NOT_STARTED, Status.PLANNED, Status.IN_PROGRESS, Status.IMPLEMENTED]
SILENT = [Status.NOTHING_TO_REPORT, Status.NOT_APPLICABLE]

WORDS: dict[str, str | Promise] = {
    "no_evidence": gettext_lazy("no evidence is given for “implemented”"),
    "no_words": gettext_lazy("the status is given without a text"),
    "went_back": gettext_lazy("the status is behind that of the last published report"),
    "went_silent": gettext_lazy(
        "the last published report told of plans or work; now there is nothing to report or the "
        "clause is not applicable"
    ),
    "figure_missing": gettext_lazy(
        "of a year of this round there is neither a figure nor a reason why it is not available"
    ),
    "figure_fell": gettext_lazy("a figure that was to grow is below the last one told before it"),
    "proposal_waits": gettext_lazy("a colleague's proposal was neither taken over nor set aside"),
    "unanswered_comment": gettext_lazy("a reviewer's comment has neither a reply nor a change"),
    "mostly_nothing": gettext_lazy("more than half of the owed answers say “nothing to report”"),
}
UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Warning:
    """Something that may be right, and that nobody can know to be right without a word.

    Without a reference it is about the whole report.
    """

    reference: str
    kind: str

    @property
    def key(self) -> str:
        return f"{self.reference}:{self.kind}"

    @property
    def what(self) -> str:
        return str(WORDS[self.kind])

    @property
    def words(self) -> str:
        return f"{self.reference}: {self.what}" if self.reference else capfirst(self.what)


def warnings(asked: Iterable[Question], *, whole: bool = True) -> list[Warning]:
    """What wants a word before the report is submitted, in the order of the questions.

    First what wants one about the report, where these are the `whole` of its questions.
    """
    asked = list(asked)
    of_report = [Warning("", "mostly_nothing")] if whole and _is_mostly_nothing(asked) else []
    return of_report + [Warning(q.reference, kind) for q in asked for kind in _kinds(q)]


def _is_mostly_nothing(asked: list[Question]) -> bool:
    """Do more than half of the owed answers have nothing to report?"""
    owed = [q.said["status"] for q in asked if q.is_owed]
    return 2 * owed.count(Status.NOTHING_TO_REPORT) > len(owed)


def _kinds(question: Question) -> list[str]:
    said, found = question.said, []
    if said["status"] == Status.IMPLEMENTED and not said["evidence"]:
        found.append("no_evidence")
    if said["status"] in STEPS and not said["narrative"]:
        found.append("no_words")
    if question.earlier and _went_back(question.earlier.said["status"], said["status"]):
        found.append("went_back")
    if question.earlier and _went_silent(question.earlier.said["status"], said["status"]):
        found.append("went_silent")
    if question.is_owed and question.untold and said["status"] != Status.NOT_APPLICABLE:
        found.append("figure_missing")
    if question.is_measured and fell(question.observed):
        found.append("figure_fell")
    if question.proposal_waits:
        found.append("proposal_waits")
    if question.comments:
        found.append("unanswered_comment")
    return found


def _went_back(before: str, now: str) -> bool:
    return before in STEPS and now in STEPS and STEPS.index(now) < STEPS.index(before)


def _went_silent(before: str, now: str) -> bool:
    return before in STEPS[1:] and now in SILENT


def is_unchanged(asked: Iterable[Question], last: Version | None) -> bool:
    """Would this submission say the same as the last one in every answer and figure?"""
    if last is None:
        return False
    before = {reference: words.of(said) for reference, said in answers_of(last).items()}
    if before != {q.reference: words.of(q.said) for q in asked if q.said["status"]}:
        return False
    return carried(last) == [row for q in asked for row in q.observed]


def unexplained(
    asked: list[Question], last: Version | None, explained: Mapping[str, str]
) -> list[str]:
    """What still wants a word, in words; `explained` has texts by the key of a warning.

    Under UNCHANGED it says why a submission repeats the last one word for word.
    """
    missing = [w.words for w in warnings(asked) if not explained.get(w.key, "").strip()]
    if is_unchanged(asked, last) and not explained.get(UNCHANGED, "").strip():
        missing.append(_("Say why the report is submitted again without a change."))
    return missing


def explanations(
    asked: list[Question], last: Version | None, explained: Mapping[str, str]
) -> list[dict[str, str]]:
    """The texts that belong to this submission, as it keeps them: [{on, kind, because}]."""
    kept = [
        {"on": w.reference, "kind": w.kind, "because": explained[w.key].strip()}
        for w in warnings(asked)
        if explained.get(w.key, "").strip()
    ]
    if is_unchanged(asked, last) and explained.get(UNCHANGED, "").strip():
        kept.append({"on": "", "kind": UNCHANGED, "because": explained[UNCHANGED].strip()})
    return kept


def said_before(last: Version | None) -> dict[tuple[str, str], str]:
    """What the last submission said on its warnings, by clause and kind, to begin the next with.

    Why it changed nothing is not among it: that is asked anew each time.
    """
    told = json.loads(last.content).get("explained", []) if last else []
    return {(one["on"], one["kind"]): one["because"] for one in told if one["kind"] != UNCHANGED}


def explained_in(content: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """What a submission explained, by the reference of the clause: [{words, because}].

    Under the empty reference stands what is about the whole of it, as why it changed nothing.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for one in content.get("explained", []):
        said = WORDS.get(one["kind"], _("submitted again without a change"))
        found.setdefault(one["on"], []).append({"words": said, "because": one["because"]})
    return found


def since(said: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    """How an answer stands to an earlier one: new, same, or changed."""
    if before is None or not before["status"]:
        return "new"
    same = {**words.of(said), "no_change": None} == {**words.of(before), "no_change": None}
    return "same" if same else "changed"
