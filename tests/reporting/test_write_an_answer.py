"""Saving answers: nothing lost, nothing overwritten in silence, nothing stored that must not be."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from commitments.models import Commitment
from members.models import Member, User
from reporting import actions
from reporting.models import Answer, AnswerVersion, Cycle, Report
from reporting.words import BLANK, clean, clean_link
from reporting.workflow import WrongMoment

from .conftest import OPENED, SAID

Save = Callable[..., Answer]


@pytest.fixture
def save(report: Report, clause: Commitment, focal_point: User) -> Save:
    def saved(base: int = 0, by: User = focal_point, **said: Any) -> Answer:
        words = {**SAID, **said}
        return actions.save_answer(report, clause, said=words, base_version=base, by=by, at=OPENED)

    return saved


@pytest.mark.django_db
def test_a_saved_answer_is_in_the_history_with_its_writer(save: Save, focal_point: User) -> None:
    answer = save()
    kept = AnswerVersion.objects.get()
    assert (answer.version, kept.version, kept.saved_by) == (1, 1, focal_point)
    assert answer.said() == kept.said() == {**BLANK, **SAID}


@pytest.mark.django_db
def test_the_same_save_repeated_is_a_success_and_adds_nothing(save: Save) -> None:
    assert save() == save()
    assert save(base=1).version == 1
    assert AnswerVersion.objects.count() == 1


@pytest.mark.django_db
def test_a_repeat_that_comes_after_a_colleague_wrote_on_does_not_conflict(
    save: Save, contributor: User
) -> None:
    save()
    save(base=1, by=contributor, narrative="The colleague's.")
    assert save(base=0).narrative == "The colleague's."
    assert AnswerVersion.objects.count() == 2


@pytest.mark.django_db
def test_the_later_writer_sees_both_texts_and_their_base(save: Save, contributor: User) -> None:
    save(narrative="Base.")
    save(base=1, by=contributor, narrative="Theirs.")
    with pytest.raises(actions.Conflict) as conflict:
        save(base=1, narrative="Mine.")
    mine, theirs, base = conflict.value.mine, conflict.value.theirs, conflict.value.base
    assert (mine["narrative"], theirs.narrative, base["narrative"]) == ("Mine.", "Theirs.", "Base.")
    assert AnswerVersion.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["submitted", "accepted", "published"])
def test_no_answer_changes_after_submission(
    state: str, bring: Callable[[str], Report], save: Save
) -> None:
    bring(state)
    with pytest.raises(WrongMoment):
        save(narrative="Too late.")


@pytest.mark.django_db
@pytest.mark.parametrize("person", ["outsider", "reviewer", "administrator", "former", "visitor"])
def test_only_the_members_own_people_write(
    person: str, save: Save, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(PermissionDenied):
        save(by=request.getfixturevalue(person))
    assert not AnswerVersion.objects.exists()


@pytest.mark.django_db
def test_a_clause_that_the_report_does_not_ask_about_takes_no_answer(
    report: Report, clause: Commitment, focal_point: User
) -> None:
    clause.pk, clause.reference, clause.position = None, "2012-X9", 999
    clause.duty = Commitment.Duty.COLLECTIVE
    clause.save()
    with pytest.raises(ValidationError):
        actions.save_answer(report, clause, said=SAID, base_version=0, by=focal_point, at=OPENED)


BAD = {
    "narrative": [
        "x" * 5001,
        "d41d8cd98f00b204e9800998ecf8427e",
        "SHA-1: da39a3ee5e6b4b0d3255bfef95601890afd80709.",
        "d4 1d 8c d9 8f 00 b2 04 e9 80 09 98 ec f8 42 7e",
        "d41d8cd98f00b204\u200be9800998ecf8427e",
        "data:image/png;base64,AAAA",
        "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
        "12,33,44," * 20,
        "nul \x00",
        "\u202eevil",
        None,
        7,
    ],
    "evidence": [
        [{"title": "A", "url": "http://example.org/"}],
        [{"title": "", "url": "https://example.org/"}],
        [{"title": "A"}],
        [{"title": "A", "url": "https://example.org/"}] * 11,
        "https://example.org/",
    ],
    "status": ["done", None],
    "visibility": ["", "nobody"],
}


@pytest.mark.django_db
@pytest.mark.parametrize(("field", "value"), [(f, v) for f, vs in BAD.items() for v in vs])
def test_words_that_cannot_be_kept_are_refused_by_field(
    field: str, value: object, save: Save
) -> None:
    with pytest.raises(ValidationError) as refused:
        save(**{field: value})
    assert list(refused.value.message_dict) == [field]
    assert not AnswerVersion.objects.exists()


@pytest.mark.django_db
def test_a_field_that_answers_do_not_have_is_refused(save: Save) -> None:
    with pytest.raises(ValidationError):
        save(state="published")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "//example.org/",
        "https://user:secret@example.org/",
        "https://localhost/",
        "https://printer.local/",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://example.org:99999/",
        "https://example.org/a b",
        "https://example.org/" + "a" * 500,
        "https://",
    ],
)
def test_an_evidence_link_leads_to_a_public_site_by_name(url: str) -> None:
    with pytest.raises(ValidationError):
        clean_link(url)


def test_ordinary_words_and_links_pass() -> None:
    long_link = "https://www.example.org/" + "d41d8cd98f00b204e9800998ecf8427e"
    said = clean(
        {
            "status": "planned",
            "narrative": "Loi n° 2024-1234 du 5 mars 2024, Beschluss 12/2025; +41 44 123 45 67. "
            "See https://www.example.org/ministry/of/justice/2026/decision-on-notice-and-takedown",
            "evidence": [{"title": " The  decision ", "url": long_link}],
        }
    )
    assert said["evidence"] == [{"title": "The decision", "url": long_link}]


@pytest.mark.django_db
def test_no_change_carries_the_last_published_answer_and_is_recorded(
    bring: Callable[[str], Report], clause: Commitment, member: Member, focal_point: User
) -> None:
    bring("published")
    days = {"opens_on": dt.date(2028, 1, 1), "due_on": dt.date(2028, 7, 1)}
    nxt, _ = Cycle.objects.get_or_create(
        code="2028", defaults={**days, "closes_on": dt.date(2028, 12, 31)}
    )
    at = dt.datetime(2028, 2, 1, tzinfo=dt.UTC)
    report = actions.start_report(nxt, member, by=focal_point, at=at)
    answer = actions.sign_no_change(report, clause, base_version=0, by=focal_point, at=at)
    assert answer.no_change
    assert answer.narrative == SAID["narrative"]


@pytest.mark.django_db
def test_no_change_needs_an_earlier_published_answer(
    report: Report, clause: Commitment, focal_point: User
) -> None:
    with pytest.raises(ValidationError):
        actions.sign_no_change(report, clause, base_version=0, by=focal_point, at=OPENED)
