"""What a returned workbook would change: question by question, with both texts where two wrote."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .. import definition, words
from ..differences import marked, together
from ..models import AnswerVersion, Proposal, ProposalVersion
from ..questions import Question
from . import layout
from .reading import Place, Returned, Typed, Wrong

Said = dict[str, Any]
_NAME = re.compile("p?[0-9]{1,8}$", re.ASCII)  # of a version, as `layout.version_of` writes it


@dataclass
class Compared:
    """What the workbook says on one question, beside what it was made from and what stands now."""

    question: Question
    mine: Said
    base: Said
    made_from: str
    reworded: bool = False
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What tells it from all others of the workbook."""
        return self.question.reference

    @property
    def name(self) -> str:
        """What people call it."""
        return self.question.reference

    @property
    def theirs(self) -> Said:
        return self.question.said

    @property
    def version(self) -> int:
        """The version of the answer as it stands: what a save must be based on."""
        return self.question.answer.version if self.question.answer else 0

    @property
    def kind(self) -> str:
        """wrong, same, conflict or change."""
        if self.wrong:
            return "wrong"
        if self.mine in (self.base, self.theirs):
            return "same"
        return "change" if self.base == self.theirs else "conflict"

    @property
    def fields(self) -> list[Said]:
        """The fields that differ, each with both differences to the base."""
        return marked(self.base, self.mine, self.theirs)

    @property
    def both(self) -> Said:
        """A text that holds both."""
        return {**together(self.base, self.mine, self.theirs), "no_change": False}


def compared(returned: Returned, asked: Iterable[Question]) -> tuple[list[Compared], list[Wrong]]:
    """A proposal for each question that the workbook speaks of, in the order of the report.

    With it what is wrong in the file and belongs to no question of the report. Three queries at
    most, however many questions.
    """
    known = {question.reference: question for question in asked}
    kept = _kept([(known[r], t.version) for r, t in returned.questions.items() if r in known])
    proposals, strange = [], []
    for reference, question in known.items():
        if typed := returned.questions.get(reference):
            proposals.append(_proposal(question, typed, kept))
    for reference, typed in returned.questions.items():
        if reference not in known:
            strange += [_not_asked(reference, typed)]
    by_question = {proposal.question.reference: proposal for proposal in proposals}
    for wrong in returned.wrong:
        place = by_question.get(wrong.question)
        (place.wrong if place else strange).insert(0, wrong)
    return proposals, strange


def _not_asked(reference: str, typed: Typed) -> Wrong:
    place = next(iter(typed.places.values()), (Place("?", "?"),))[0]
    name = {"reference": reference[:20]}
    return Wrong(reference, place, _("This report does not ask about %(reference)s.") % name)


def seen_before(
    asked: Iterable[Question], chosen: Mapping[str, tuple[Said, int]]
) -> list[Compared]:
    """Proposals for words that were chosen over a version that is not the last one any more."""
    found = [
        (q, f"{'p' if isinstance(q.answer, Proposal) else ''}{chosen[q.reference][1]}")
        for q in asked
        if q.reference in chosen
    ]
    kept = _kept(found)
    return [
        Compared(q, chosen[q.reference][0], kept.get((q.reference, key)) or dict(words.BLANK), key)
        for q, key in found
    ]


def _kept(found: list[tuple[Question, str]]) -> dict[tuple[str, str], Said]:
    """What each question said in the version named, by its reference and that name."""
    numbers = {int(key.lstrip("p")) for _q, key in found if _NAME.match(key)}
    finals = {f.pk: q.reference for q, _key in found if (f := q.final or q.answer)}
    proposed = {q.proposal.pk: q.reference for q, _key in found if q.proposal}
    answers = AnswerVersion.objects.filter(answer__in=finals, version__in=numbers)
    proposals = ProposalVersion.objects.filter(proposal__in=proposed, version__in=numbers)
    kept = {(finals[row.answer_id], str(row.version)): row.said() for row in answers}
    for row in proposals:
        kept[proposed[row.proposal_id], f"p{row.version}"] = row.said()
    return kept


def _proposal(question: Question, typed: Typed, kept: dict[tuple[str, str], Said]) -> Compared:
    version = typed.version
    base = kept.get((question.reference, version))
    if version == layout.version_of(question):
        base = question.said
    elif version == "0":
        base = dict(words.BLANK)
    reworded = typed.digest != layout.digest_of(question)
    if base is None:
        place = next(iter(typed.places.values()), (Place("?", "?"),))[0]
        unknown = Wrong(question.reference, place, _("The version of this answer is not known."))
        return Compared(question, question.said, question.said, version, reworded, [unknown])
    mine, wrong = _said(question.reference, typed, base)
    return Compared(question, mine, base, version, reworded, wrong)


def _said(reference: str, typed: Typed, base: Said) -> tuple[Said, list[Wrong]]:
    """The base with every field that the workbook has a row for, cleaned as on the page."""
    said, wrong = dict(base), []
    for name, asked in definition.FIELDS.items():
        try:
            said[name] = _field(asked, typed, base[name])
        except _WrongCell as error:
            wrong.append(Wrong(reference, error.place, error.words))
    if said != base:
        said["no_change"] = False
    if words.NO_REASON in words.lacks(said):
        place = typed.places.get("not_applicable_because") or next(iter(typed.places.values()))
        wrong.append(Wrong(reference, place[0], str(words.NO_REASON)))
    return said, wrong


class _WrongCell(Exception):
    def __init__(self, place: Place, error: ValidationError) -> None:
        super().__init__()
        self.place, self.words = place, " ".join(error.messages)


def _field(asked: definition.Field, typed: Typed, base: Any) -> Any:
    if asked.kind == definition.LINKS:
        return _links(asked, typed, base)
    if asked.name not in typed.cells:
        return base
    text, place = typed.cells[asked.name][0], typed.places[asked.name][0]
    if asked.kind == definition.TEXT:
        return _checked(place, words.clean_prose, text)
    cleaner = words.clean_status if asked.name == "status" else words.clean_visibility
    return _checked(place, lambda label: cleaner(layout.value_of(asked, label)), text)


def _links(asked: definition.Field, typed: Typed, base: list[dict[str, str]]) -> Any:
    """The links; a line that was taken out of the sheet leaves its link as it was."""
    links = []
    for row, owner in layout.rows_of():
        if owner is not asked:
            continue
        if row not in typed.cells:
            links += base[(n := int(row.rpartition("_")[2])) - 1 : n]
        elif any(typed.cells[row]):
            cleaners = (words.clean_title, words.clean_link)
            filled = zip(typed.places[row], cleaners, typed.cells[row], strict=True)
            title, url = (_checked(*one) for one in filled)
            links.append({"title": title, "url": url})
    return links


def _checked(place: Place, cleaner: Any, text: str) -> Any:
    try:
        return cleaner(text)
    except ValidationError as error:
        raise _WrongCell(place, error) from error
