"""The load run tells when a save that was acknowledged is not there."""

import pytest

from commitments.models import Commitment
from members.models import User
from reporting import actions
from reporting.models import Answer, Report
from tests.reporting.conftest import OPENED, SAID, clause, cycle, report

from .found import lost
from .quantiles import quantile
from .reading import kind_of

__all__ = ["clause", "cycle", "report"]
pytestmark = pytest.mark.django_db


def test_a_save_that_is_missing_or_was_overwritten_is_found(
    report: Report, clause: Commitment, focal_point: User
) -> None:
    answer = actions.save_answer(
        report, clause, said=SAID, base_version=0, by=focal_point, at=OPENED
    )
    words = SAID["narrative"]
    assert lost([(answer.pk, 1, words)]) == []
    assert lost([(answer.pk, 1, "Other words.")]) == [(answer.pk, 1)]
    assert lost([(answer.pk, 2, words)]) == [(answer.pk, 2)]
    Answer.objects.filter(pk=answer.pk).update(version=0)
    assert lost([(answer.pk, 1, words)]) == [(answer.pk, 1)]


def test_a_quantile_is_a_time_that_was_measured() -> None:
    assert quantile([0.1 * n for n in range(1, 21)], 0.95) == pytest.approx(1900)
    assert quantile([], 0.95) == 0


def test_pages_are_told_apart_by_their_kind() -> None:
    kinds = {"/": "/", "/members/": "/members/", "/members/ALB/": "/members/…/"}
    assert {path: kind_of(path) for path in kinds} == kinds
    assert kind_of("/search/?q=law") == "/search/"
