"""The secretariat watches a long job: its step, how much is done, how long the last one took."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from members.models import User
from reporting import summaries, sums
from reporting.models import Build
from reporting.summaries import progress
from tests.cast import sign_in
from tests.reporting.public import page, words
from tests.reporting.summing import NOW

pytestmark = pytest.mark.django_db
PAGE = "/secretariat/operations/builds/"


@pytest.fixture
def staff(client: Client, administrator: User) -> Client:
    sign_in(client, administrator)
    return client


def test_before_the_first_run_the_page_says_so(staff: Client) -> None:
    assert "No run has come to its end yet." in words(page(staff, PAGE))


def test_while_it_runs_the_step_and_how_much_is_done_are_told(staff: Client) -> None:
    run = progress.Run(Build.Job.SUMMARIES, whole=True)
    run.tell("figures", 40, 202)

    shown = page(staff, PAGE)

    assert "Running : Making figures, 40 of 202 done" in words(shown)
    assert 'hx-trigger="every 2s"' in shown
    assert f'href="{PAGE}"' in shown, "the way to look again without JavaScript"


def test_htmx_is_given_the_part_that_moves_alone(staff: Client) -> None:
    progress.Run(Build.Job.SUMMARIES, whole=True).tell("counting", 1, 4)
    part = staff.get(PAGE, headers={"HX-Request": "true"}).content.decode()
    assert "Counting rounds" in part and "<html" not in part


def test_afterwards_it_says_how_long_the_last_one_took(staff: Client) -> None:
    summaries.build(now=NOW)
    Build.objects.update(
        started_at=dt.datetime(2026, 11, 1, 2, 10, tzinfo=dt.UTC),
        finished_at=dt.datetime(2026, 11, 1, 2, 10, 3, 500_000, tzinfo=dt.UTC),
    )
    shown = page(staff, PAGE)
    assert "took 3.5 s and wrote" in words(shown)
    assert "hx-trigger" not in shown, "nothing moves, so nothing asks"


def test_one_that_was_killed_is_not_said_to_run_for_ever(staff: Client) -> None:
    progress.Run(Build.Job.REPORTS, whole=False).tell("printing", 1, 9)
    Build.objects.update(started_at=timezone.now() - dt.timedelta(hours=2))
    assert "did not come to its end" in words(page(staff, PAGE))


def test_a_build_tells_each_of_its_steps(monkeypatch: Any) -> None:
    told: list[tuple[str, int, int]] = []
    tell = progress.Run.tell

    def listening(self: progress.Run, step: str, done: int = 0, of: int = 0) -> None:
        told.append((step, done, of))
        tell(self, step, done, of)

    monkeypatch.setattr(progress.Run, "tell", listening)
    summaries.build(now=NOW)

    assert [step for step, done, _of in told if done == 0] == ["counting", "figures"]
    assert all(done < of for _step, done, of in told)
    assert Build.objects.get().written > 200


def test_nothing_is_read_again_where_nothing_moved() -> None:
    now = timezone.now()
    summaries.build_what_changed(now=now)
    assert Build.objects.count() == 1
    assert summaries.build_what_changed(now=now) == []
    assert Build.objects.count() == 1, "no second run"
    summaries.build_what_changed(now=now + dt.timedelta(days=1))
    assert Build.objects.count() == 2, "another day shows other rows"


def test_after_an_upgrade_everything_is_counted_and_said_anew(monkeypatch: Any) -> None:
    now = timezone.now()
    summaries.build_what_changed(now=now)
    monkeypatch.setattr(sums, "code_version", lambda: "another")
    summaries.build_what_changed(now=now)
    assert list(Build.objects.values_list("whole", flat=True)) == [True, True]


def test_the_runs_of_long_ago_are_forgotten() -> None:
    for _ in range(progress.KEPT + 5):
        progress.Run(Build.Job.REPORTS, whole=False)
    assert Build.objects.count() == progress.KEPT + 1
