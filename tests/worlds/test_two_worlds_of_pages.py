"""Nobody outside can tell by a page, a refusal or a form what is not published."""

import pytest

from tests.worlds.comparing import are_alike, catches
from tests.worlds.conftest import Worlds
from tests.worlds.leaks import LEAKS, Leak

pytestmark = pytest.mark.xdist_group("worlds_of_pages")


@pytest.mark.parametrize("area", ["pages", "signed in"])
def test_the_worlds_are_alike(area: str, worlds: Worlds) -> None:
    are_alike(worlds, area)


@pytest.mark.parametrize("leak", [pytest.param(one, id=one.name) for one in LEAKS["pages"]])
def test_the_walk_catches(leak: Leak, worlds: Worlds) -> None:
    catches(worlds, leak)
