"""Whoever fills in a form with what it does not take is refused in words, and nothing is stored.

The forms are those that stand on the pages, for each person who finds them there.
"""

import html
import json
import os
import re
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.access.world import World, world
from tests.fuzz.corpus import BODIES, FORBIDDEN, TEXTS
from tests.fuzz.forms import FoundForm
from tests.fuzz.visiting import VISITORS, Visitors

__all__ = ["world"]
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("forms")]
Found = list[tuple[str, FoundForm]]
FORM = "application/x-www-form-urlencoded"
CASES = int(os.environ.get("FUZZ_FORM_CASES", "300"))
# Where a letter is no matter: a password may hold any, an acknowledgement that is not ours is
# simply not known, the admin repeats what the models say, `next` is a button or a way on. A box
# is ticked by whatever it holds.
TAKES_ANY = ("password", "/verify/", "/admin/")
NO_TEXT = {"", "next"}


@pytest.fixture(scope="module")
def visitors(world: World) -> Iterator[Visitors]:
    """The visitors; what they were answered is added to FUZZ_RESULTS, where that is given."""
    visitors, began = Visitors(world), time.monotonic()
    yield visitors
    if path := os.environ.get("FUZZ_RESULTS"):
        row = {"kind": "forms", "cases": sum(visitors.answered.values()), "whole": True}
        row |= {"answers": visitors.answered, "seconds": round(time.monotonic() - began)}
        row |= {"found": visitors.found}
        with Path(path).open("a") as file:
            file.write(json.dumps(row) + "\n")


@pytest.fixture(scope="module")
def found(visitors: Visitors) -> Found:
    return list(visitors.forms())


def test_the_forms_of_every_reader_are_found(found: Found) -> None:
    assert {kind for kind, _form in found} == set(VISITORS)
    assert sum(form.method == "POST" for _kind, form in found) >= 25
    assert sum(len(form.fields) for _kind, form in found) >= 100


@st.composite
def fillings(draw: st.DrawFn, form: FoundForm) -> list[tuple[str, str]]:
    """The form's fields, some as offered, some with what nobody expects, some gone or twice."""
    filled = []
    for name, offered in form.fields.items():
        wrong = st.sampled_from(TEXTS) | st.text(max_size=60)
        right = st.sampled_from(offered or [""])
        values = draw(st.sampled_from([[right], [right], [wrong], [wrong], [], [right, wrong]]))
        filled += [(name, draw(value)) for value in values]
    if draw(st.integers(0, 9)) == 0:
        filled.append((draw(st.sampled_from(TEXTS)), "1"))
    return filled


@settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_typed_nothing_breaks_and_no_refusal_leaves_a_trace(
    visitors: Visitors, found: Found, data: st.DataObject
) -> None:
    finder, form = data.draw(st.sampled_from(found))
    kind = data.draw(st.sampled_from([finder] * 9 + VISITORS))
    typed = urlencode(data.draw(fillings(form)), errors="surrogatepass")
    visit = send(visitors, kind, form, typed)
    visitors.note(visit, form.action)
    assert not visit.wrong, (visit.wrong, kind, form.method, form.action, typed[:500])


def send(visitors: Visitors, kind: str, form: FoundForm, typed: str) -> Any:
    if form.method == "POST":
        return visitors.visit(kind, "POST", form.action, typed, content_type=FORM)
    return visitors.visit(kind, "GET", form.action, QUERY_STRING=typed)


def in_order(form: FoundForm, changed: str, value: str) -> str:
    """The form as offered and sent by its first button, with one field changed."""
    others = {*form.buttons} - {*form.buttons[:1]}
    values = {name: (held or [""])[-1] for name, held in form.fields.items() if name not in others}
    return urlencode(values | {changed: value})


def to_try(found: Found) -> Iterator[tuple[str, FoundForm, str, str]]:
    """Each field of each form with the letter that only we refuse, rows of one form once.

    Django refuses NUL by itself in every field of text: each name of a field shows it once.
    """
    seen = set()
    for kind, form in found:
        if any(word in f"{form.action}{list(form.fields)}" for word in TAKES_ANY):
            continue
        for name in sorted(form.fields.keys() - NO_TEXT - form.boxes - set(form.buttons)):
            if name.endswith(("-remove", "_FORMS")):  # a box too; how many rows a page has
                continue
            column = re.sub(r"\d+", "0", name)
            for letter, once in (("override to the left", (form.key, column)), ("NUL", column)):
                if once not in seen:
                    seen.add(once)
                    yield kind, form, name, letter


def test_a_forbidden_letter_is_refused_by_the_name_of_its_field(
    visitors: Visitors, found: Found
) -> None:
    wrong, tried = [], 0
    for kind, form, name, letter in to_try(found):
        visit = send(visitors, kind, form, in_order(form, name, FORBIDDEN[letter]))
        tried += 1
        if not is_refused(visit.answer, form, name):
            wrong.append(f"{kind} {form.action} {name} {letter}: {visit.answer}")
        if visit.wrote:
            wrong.append(f"{kind} {form.action} {name} {letter}: wrote {visit.wrote}")
    assert not wrong, "\n".join(wrong)
    assert tried >= 50


def is_refused(answer: Any, form: FoundForm, field: str) -> bool:
    """Is it 400, and does a line of the page lead to the field or tell its name?

    The pages of allauth say 200 where a form was not right; theirs is the word beside the field.
    """
    status = 200 if form.action.startswith("/accounts/second-factor/") else 400
    words = html.unescape(answer.content.decode())
    named = rf'href="#(id|ask)_{field}(_\d+)?"|\b{field}: |\bin: {field}\b|{field}_error'
    named += rf'|"field":"{field}"'  # as a problem, for programs
    return answer.status_code == status and bool(re.search(named, words))


def test_a_body_that_is_no_form_changes_nothing(visitors: Visitors, found: Found) -> None:
    """Each form gets three of them in turn, so that each of them reaches many forms."""
    wrong, bodies = [], cycle(BODIES.items())
    for kind, form in found:
        if form.method == "POST" and form.fields:
            for name, (content_type, sent) in islice(bodies, 3):
                visit = visitors.visit(kind, "POST", form.action, sent, content_type=content_type)
                if visit.wrong:
                    wrong.append(f"{kind} {form.action} {name}: {visit.wrong}")
    assert not wrong, "\n".join(wrong)
