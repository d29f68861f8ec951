"""Any answers go out and come back unchanged; edited cells come back as exactly these changes."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reporting import observations, questions, words, workbooks
from reporting.models import Answer, Observation, Report
from reporting.observations import Year
from reporting.questions import Question
from reporting.tables.cells import xlsx_text
from reporting.workbooks import layout

from .conftest import OPENED
from .workbooks import closed, find, opened, years

pytestmark = pytest.mark.django_db
CODE = "icse_identified_victims"
LABELS = {"": "", "value": "A number", "not_available": "Not available"}


def _is_clean(text: str) -> bool:
    try:
        return words.clean_prose(text) == text
    except words.ValidationError:
        return False


letters = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t")
awkward = st.sampled_from(
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "_x000A_",
        "1/2",
        "007",
        "1e5",
        "#N/A",
        "TRUE",
        "a\n\nb",
        "مرحبا",
        "😀x",
    ]
)
prose = st.one_of(st.just(""), awkward, st.text(letters, max_size=60)).filter(_is_clean)
titles = st.one_of(awkward, st.text(letters, min_size=1, max_size=30)).map(
    lambda text: " ".join(text.split())
)
links = st.builds(
    lambda title, n: {"title": title, "url": f"https://law{n}.example/a?b=c&d=%20"},
    titles.filter(lambda t: t != "" and _is_clean(t)),
    st.integers(0, 9),
)
said = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["", *Answer.Status.values]),
        **dict.fromkeys(words.PROSE, prose),
        "not_applicable_because": prose.filter(bool),
        "evidence": st.lists(links, max_size=words.EVIDENCE_LIMIT),
        "no_change": st.booleans(),
        "visibility": st.sampled_from(Answer.Visibility.values),
    }
)
figures = st.one_of(
    st.just(dict(observations.BLANK)),
    st.fixed_dictionaries(
        {
            "state": st.just("value"),
            "value": st.one_of(st.integers(0, 5), st.integers(0, observations.MOST)),
            "source": titles.filter(lambda t: t != "" and _is_clean(t)),
            "note": prose,
        }
    ),
    st.fixed_dictionaries(
        {
            "state": st.just("not_available"),
            "value": st.none(),
            "source": titles.filter(_is_clean),
            "note": prose.filter(bool),
        }
    ),
)
edits = st.dictionaries(st.sampled_from(words.PROSE[:-1]), prose, max_size=3)


def asked_with(report: Report, texts: list[dict[str, Any]]) -> list[Question]:
    """The first questions of the report, with these answers as they would be saved."""
    asked = questions.questions(report)[: len(texts)]
    for question, text in zip(asked, texts, strict=True):
        question.said = words.clean(text)
    return asked


def compared(data: bytes, asked: list[Question]) -> list[workbooks.Compared]:
    proposals, strange = workbooks.compared(workbooks.read(data, report="2026-ALB"), asked)
    assert not strange
    assert [p.wrong for p in proposals] == [[] for _p in proposals]
    return proposals


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(said, min_size=2, max_size=3), edited=edits)
def test_a_workbook_brings_back_what_was_typed_and_nothing_else(
    texts: list[dict[str, Any]], edited: dict[str, str], report: Report
) -> None:
    with transaction.atomic():
        asked = asked_with(report, texts)
        data = workbooks.written(report, asked, [], member="=Member", on=OPENED.date())
        assert [p.kind for p in compared(data, asked)] == ["same"] * len(asked)
        book = opened(data)
        for name, text in edited.items():
            cell = find(book, asked[0].reference, name)
            cell.value = xlsx_text(text)
            cell.data_type = "s" if text else "n"
        again = closed(book)
        first, *others = compared(again, asked)
    expected = {**asked[0].said, **edited}
    if expected != asked[0].said:
        expected["no_change"] = False
    assert first.mine == expected
    assert [p.kind for p in others] == ["same"] * len(others)
    differ = {name for name in words.BLANK if expected[name] != asked[0].said[name]}
    assert first.kind == ("change" if differ else "same")


def years_with(report: Report, told: list[dict[str, Any]]) -> list[Year]:
    """The newest years of the report, with these figures as they would be saved."""
    return [
        Year(one.indicator, one.year, Observation(version=2, **said))
        for one, said in zip(years(report), told, strict=False)
    ]


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(told=st.lists(figures, min_size=3, max_size=3), typed=figures, as_number=st.booleans())
def test_a_workbook_brings_back_yearly_figures_and_nothing_else(
    told: list[dict[str, Any]], typed: dict[str, Any], as_number: bool, report: Report
) -> None:
    """A number comes back whether a program keeps it as a number or as text."""
    asked = years_with(report, told)
    data = workbooks.written(report, [], asked, member="=Member", on=OPENED.date())
    found, strange = workbooks.compared_years(workbooks.read(data, report="2026-ALB"), asked)
    assert [(one.kind, one.mine) for one in found] == [("same", said) for said in told]
    book, number = opened(data), typed["value"]
    texts = {**typed, "state": LABELS[typed["state"]], "value": "" if number is None else number}
    for name, column in layout.FIGURE.items():
        cell = find(book, CODE, f"year {asked[0].year}", column)
        cell.value = xlsx_text(str(texts[name])) or None
        cell.data_type = "s" if cell.value else "n"
        if name == "value" and number is not None and as_number:
            cell.value, cell.data_type = number, "n"
    returned = workbooks.read(closed(book), report="2026-ALB")
    (first, *others), more = workbooks.compared_years(returned, asked)
    assert (first.mine, first.wrong) == (typed, [])
    assert first.kind == ("same" if typed == told[0] else "change")
    assert [one.kind for one in others] == ["same", "same"]
    assert not [*strange, *more, *returned.wrong]
