"""A member tells its yearly figures, sees the verdict on them, and publishes them with a report."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, InternalError, transaction
from django.test import Client
from django.utils import timezone

from members.models import Event, PublicVersion, User
from reporting import actions, checks, observations, workflow
from reporting.demonstration import figures
from reporting.models import Indicator, Observation, PublishedObservation, Report
from reporting.questions import questions
from tests.cast import sign_in

from .conftest import OPENED, answer_all
from .test_writing_pages import HOME, words

pytestmark = pytest.mark.django_db
LIST = f"{HOME}indicators/"
PAGE = f"{LIST}icse_identified_victims/2025/"
SOURCE = "Register of the national unit"
NUMBER = {"state": "value", "value": 120, "source": SOURCE}
TYPED = {**NUMBER, "value": "120", "note": "", "base_version": "0"}
WHY = {"state": "not_available", "note": "The unit was founded later."}
Tell = Callable[..., Observation]


@pytest.fixture
def indicator(report: Report) -> Indicator:
    """The growth target's, which the report asks about."""
    return Indicator.objects.select_related("commitment").get(code="icse_identified_victims")


@pytest.fixture
def tell(report: Report, indicator: Indicator, focal_point: User) -> Tell:
    def of(year: int, by: User = focal_point, base_version: int = 0, **said: Any) -> Observation:
        given = said if "state" in said else {**NUMBER, **said}
        facts = {"base_version": base_version, "by": by, "at": timezone.now()}
        return actions.save_observation(report, indicator, year, said=given, **facts)

    return of


def test_a_figure_that_fell_wants_a_word(report: Report, tell: Tell) -> None:
    for year, value, kinds in (
        (2020, 90, []),
        (2021, 40, ["figure_fell"]),  # the first two that a round could add
        (2023, 60, ["figure_fell"]),
        (2024, 60, []),  # no fall since; the old one was explained
        (2025, 59, ["figure_fell"]),
    ):
        tell(year, value=value)
        found = [w.kind for w in checks.warnings(questions(report)) if w.kind == "figure_fell"]
        assert found == kinds, year


def test_zero_missing_and_not_available_are_told_apart(
    client: Client, focal_point: User, tell: Tell
) -> None:
    tell(2023, value=0)
    tell(2024, **WHY)
    page = words(sign_in(client, focal_point).get(LIST))
    assert f"2023 0 Source: {SOURCE}" in page
    assert "2024 not available The unit was founded later." in page
    assert "2025 not given –" in page
    assert "2012 not given" in page and "2011" not in page and "2026 not" not in page


def test_without_script_a_number_is_saved_once_and_the_verdict_stands_beside_it(
    client: Client, focal_point: User, tell: Tell
) -> None:
    tell(2024, value=100)
    sign_in(client, focal_point)
    assert "Nothing is told of this year." in words(client.get(PAGE))
    for _again in range(2):
        assert client.post(PAGE, TYPED)["Location"] == PAGE
    page = words(client.get(PAGE))
    assert "Met. 120 in 2025 against 100 in 2024: +20.0%; the goal is at least +10%." in page
    assert Event.objects.filter(verb="observe").count() == 2, "one for each year"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"value": ""}, "Give the number."),
        ({"value": "-1"}, "Give a whole number from 0 on."),
        ({"value": "many"}, "Enter a whole number."),
        ({"value": "9" * 20}, "Give a whole number from 0 on."),
        ({"source": ""}, "Name the source of the number."),
        ({"source": "a" * 201}, "at most 200 characters"),
        ({"state": "not_available"}, "Leave the number out"),
        ({"state": "not_available", "value": ""}, "Say why there is no number."),
        ({"state": "guessed"}, "Select a valid choice."),
        ({"note": "d" * 5001}, "5000 are allowed"),
        ({"note": "b1946ac92492d2347c6235b4d2611184"}, "Note"),
    ],
)
def test_a_figure_that_cannot_be_kept_is_refused_beside_its_field(
    client: Client, focal_point: User, report: Report, wrong: dict[str, str], said: str
) -> None:
    sign_in(client, focal_point)
    refused = client.post(PAGE, {**TYPED, **wrong})
    assert refused.status_code == 400 and said in words(refused)
    assert not Observation.objects.exists()


def test_who_was_slower_is_shown_both_and_may_put_its_own_in_place(
    client: Client, focal_point: User, contributor: User, tell: Tell
) -> None:
    tell(2025, by=contributor, value=77)
    sign_in(client, focal_point)
    stale = client.post(PAGE, TYPED)
    assert stale.status_code == 409
    page = words(stale)
    assert "Saved 77" in page and "Yours, not saved yet 120" in page
    assert Observation.objects.get().value == 77
    client.post(PAGE, {**TYPED, "base_version": "1"})
    assert (Observation.objects.get().value, Observation.objects.get().version) == (120, 2)


def test_while_it_is_typed_the_verdict_is_told_and_nothing_saved(
    client: Client, focal_point: User, tell: Tell
) -> None:
    tell(2024, value=0)
    sign_in(client, focal_point)
    told = client.post(f"{PAGE}verdict/", TYPED, headers={"HX-Request": "true"})
    assert "Cannot be told. The year before is 0." in words(told)
    unclear = client.post(f"{PAGE}verdict/", {**TYPED, "value": "1x"})
    assert "Told once the fields hold a number" in words(unclear)
    assert Observation.objects.count() == 1


def test_only_who_writes_the_answer_itself_gives_its_figures(
    client: Client, focal_point: User, contributor: User, outsider: User, reviewer: User,
    report: Report, tell: Tell,
) -> None:  # fmt: skip
    for stranger in (outsider, reviewer):
        with pytest.raises(PermissionDenied):
            tell(2025, by=stranger)
    actions.restrict(report.member, person=contributor, by=focal_point, at=timezone.now())
    with pytest.raises(PermissionDenied):
        tell(2025, by=contributor)
    sign_in(client, contributor)
    assert {client.get(path).status_code for path in (LIST, PAGE)} == {404}
    assert client.post(f"{PAGE}verdict/", TYPED).status_code == 404
    assert not Observation.objects.exists()


def test_a_year_to_come_one_before_the_text_and_a_sent_report_are_refused(
    tell: Tell, bring: Callable[[str], Report]
) -> None:
    for year in (2011, 2026):
        with pytest.raises(ValidationError, match="cannot be told"):
            tell(year)
    bring("submitted")
    with pytest.raises(workflow.WrongMoment):
        tell(2025)
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"value": -1}, {"value": None}, {"state": ""}, {"source": ""}, {"state": "no"}]
)
def test_the_database_refuses_what_does_not_fit_together(tell: Tell, wrong: dict) -> None:
    tell(2025)
    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.update(**wrong)


def test_figures_travel_with_the_submission_and_a_small_count_is_published_as_small(
    client: Client, tell: Tell, bring: Callable[[str], Report], reviewer: User
) -> None:
    for year, value in {2022: 0, 2023: 4, 2024: 5}.items():
        tell(year, value=value)
    tell(2025, **WHY)
    before = PublicVersion.objects.get().number
    report = bring("accepted")
    carried = observations.carried(report.versions.get())
    assert [(row["year"], row["value"]) for row in carried] == [
        (2022, 0), (2023, 4), (2024, 5), (2025, None),
    ]  # fmt: skip
    assert not PublishedObservation.objects.exists()
    actions.agree(report, by=report.versions.get().submitted_by, at=OPENED)
    actions.publish(report, by=reviewer, on=OPENED.date())
    shown = client.get("/api/v1/observations/").json()["results"]
    assert [(row["year"], row["value"]) for row in shown] == [(2022, 0), (2023, None), (2024, 5)]
    assert PublicVersion.objects.get().number > before
    with pytest.raises(InternalError), transaction.atomic():
        PublishedObservation.objects.update(value=9)


def test_figures_of_an_answer_that_is_not_for_everyone_are_not_published(
    tell: Tell, report: Report, bring: Callable[[str], Report]
) -> None:
    tell(2025)
    bring("submitted")
    assert observations.public(report.versions.get())
    version = report.versions.get()
    version.content = version.content.replace('"visibility":"public"', '"visibility":"members"')
    assert observations.carried(version) and not observations.public(version)


def test_a_later_version_replaces_and_a_withdrawal_takes_back(
    tell: Tell, bring: Callable[[str], Report], reviewer: User, focal_point: User
) -> None:
    tell(2024, value=10)
    tell(2025, value=20)
    report = bring("published")
    later = OPENED.date() + dt.timedelta(days=9)
    actions.reopen(report, by=focal_point, at=OPENED)
    tell(2025, value=30, base_version=1)
    answer_all(report)
    report.refresh_from_db()
    _publish_again(report, focal_point, reviewer, later)
    shown = PublishedObservation.objects.order_by("year", "shown_from")
    assert list(shown.values_list("year", "value", "shown_from", "shown_until")) == [
        (2024, 10, OPENED.date(), None),
        (2025, 20, OPENED.date(), later),
        (2025, 30, later, None),
    ]
    actions.withdraw(report, by=reviewer, on=later, because="A figure was wrong.")
    assert not PublishedObservation.objects.shown().exists()


def _publish_again(report: Report, focal: User, reviewer: User, on: dt.date) -> None:
    actions.submit(report, by=focal, key=uuid.uuid4(), at=OPENED)
    actions.start_review(report, by=reviewer, at=OPENED)
    actions.accept(report, by=reviewer, at=OPENED)
    actions.agree(report, by=focal, at=OPENED)
    actions.publish(report, by=reviewer, on=on)


def test_the_demonstration_tells_the_years_before_each_round_without_a_gap(
    monkeypatch: pytest.MonkeyPatch, report: Report, indicator: Indicator, focal_point: User
) -> None:
    monkeypatch.setattr(figures, "ONE_IN", 1)
    figures.tell(report, by=focal_point, at=OPENED)
    told = Observation.objects.order_by("year")
    assert [one.year for one in told] == [2024, 2025]
    assert all("Invented for the demonstration" in one.source + one.note for one in told)


def test_the_member_previews_its_figures_as_they_will_be_read(
    report: Report, tell: Tell, client: Client, focal_point: User
) -> None:
    tell(2023, value=3)
    tell(2024, value=120)
    tell(2025, **WHY)
    answer_all(report)
    actions.submit(report, by=focal_point, key=uuid.uuid4(), at=timezone.now())
    page = words(sign_in(client, focal_point).get(f"{HOME}preview/"))
    assert "Yearly figures 2023 fewer than 5 2024 120" in page
    assert SOURCE not in page and "The unit was founded later." not in page


def test_a_figure_that_was_changed_stands_in_the_difference_of_versions(
    report: Report, tell: Tell, client: Client, focal_point: User
) -> None:
    tell(2024, value=120)
    answer_all(report)
    facts = {"by": focal_point, "at": timezone.now()}
    actions.submit(report, key=uuid.uuid4(), **facts)
    actions.recall(report, **facts)
    report.refresh_from_db()
    tell(2024, value=121, base_version=1)
    page = words(sign_in(client, focal_point).get(f"{HOME}versions/"))
    assert "One answer differs." in page and "2012-G1" in page
    assert f"2024: 120; 121; {SOURCE}" in page
