"""Steps by which an editor enters a text at the desk; each posts what the pages' forms hold."""

import datetime as dt
from typing import Any

from django.test import Client

from commitments import actions
from commitments.models import (
    Commitment,
    Draft,
    DraftPart,
    Lineage,
    Passage,
    Signature,
    Statement,
)
from members.history import version_of
from members.models import Name

LIST, NEW = "/secretariat/statements/", "/secretariat/statements/new/"
TEXT = """A STATEMENT FOR THE TESTS

We, who are gathered here, agree on the following.

Prevention

We will:

1. teach children and those who care for them;

2. by March 2031, publish a plan that holds:
(a) a budget; and
(b) a person to answer for it.

Together

• We recognise the work that was done before.
• Together we will meet every year.

Agreed by:
Republic of Albania
Belgium
"""
FACTS = {
    "version": "0",
    "code": "2026-TST",
    "title": "A STATEMENT FOR THE TESTS",
    "place": "Nowhere",
    "adopted_on": "2026-01-15",
    "act_as_printed": "Agreed by",
    "binding": "signature",
    "source": "A paper for the tests",
    "text": TEXT,
}
CLAUSE = {
    "what": "clause",
    "section": "Prevention",
    "kind": "undertaking",
    "duty": "individual",
    "verified_by": "self_report",
}
SAID: dict[str, dict[str, Any]] = {
    "1": {"title": "Teach", "themes": "prevention", "refers_to": "2012-T1"},
    "2": {
        "title": "Plan",
        "due_on": dt.date(2031, 3, 31),
        "due_precision": "month",
        "due_modality": "firm",
    },
    "2a": {"title": "A budget"},
    "2b": {"title": "A person"},
    "B1": {"title": "Done", "kind": "recognition", "duty": "none"},
    "B2": {"title": "Meet", "duty": "collective", "verified_by": "secretariat"},
}


def begun(desk: Client, **other: str) -> Draft:
    answer = desk.post(NEW, FACTS | other)
    assert answer.status_code == 302, answer.context["form"].errors
    return Draft.objects.latest("pk")


def page(draft: Draft, which: str = "") -> str:
    return f"{LIST}{draft.pk}/{which}"


def do(desk: Client, draft: Draft, what: str, **more: Any) -> Any:
    """One deed of the list of parts, by who has seen it as it is."""
    facts = {"do": what, "version": version_of(draft, actions.PARTS)}
    return desk.post(page(draft, "parts/"), facts | more)


def divided(desk: Client, **other: str) -> Draft:
    draft = begun(desk, **other)
    assert do(desk, draft, "propose").status_code == 302
    return draft


def write(desk: Client, part: DraftPart, **said: Any) -> Any:
    """Posts the form of a part as it stands, with these fields written otherwise."""
    address = page(part.draft, f"parts/{part.pk}/")
    form = desk.get(address).context["form"]
    held = {field.name: field.value() for field in form}
    typed = {name: value for name, value in held.items() if value not in (None, "")}
    return desk.post(address, {**typed, **said})


def clause(draft: Draft, number: str) -> DraftPart:
    return draft.parts.get(number=number)


def filled(desk: Client) -> Draft:
    """A draft in which nothing is in the way of publication; its parts are written at once."""
    draft = divided(desk)
    for number, facts in SAID.items():
        draft.parts.filter(number=number).update(**facts)
    typed = {"do": "add", "version": 0, "printed": "Republic of Albania\r\nBelgium\r\n"}
    assert desk.post(page(draft, "names/"), typed).status_code == 302
    best = {
        f"best-{name.pk}": code
        for name, code in zip(draft.names.all(), ("ALB", "BEL"), strict=True)
    }
    version = version_of(draft, actions.NAMES)
    answer = desk.post(page(draft, "names/"), {"do": "settle", "version": version, **best})
    assert answer.status_code == 302, answer.context["form"].errors
    return draft


def tried(desk: Client, draft: Draft) -> Any:
    answer = desk.post(page(draft, "preview/"))
    assert not answer.context["lacks"], answer.context["lacks"]
    return answer.context


def published(desk: Client) -> Statement:
    draft = filled(desk)
    answer = desk.post(page(draft, "publish/"), {"seen": tried(desk, draft)["seen"]})
    assert answer.status_code == 302
    return Statement.objects.get(code="2026-TST")


def stored() -> tuple[int, ...]:
    rows = (Statement, Commitment, Passage, Signature, Name, Lineage)
    return tuple(model.objects.count() for model in rows)  # type: ignore[attr-defined]
