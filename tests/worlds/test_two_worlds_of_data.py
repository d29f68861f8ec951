"""Nobody outside can tell by API, files, feeds or calendars what is not published."""

import pytest

from tests.worlds.comparing import are_alike, catches, never_answered
from tests.worlds.conftest import Worlds
from tests.worlds.leaks import LEAKS, Leak

pytestmark = pytest.mark.xdist_group("worlds_of_data")
ONE_PAGE = {"/api/v1/indicators/ cursor"}  # there is one indicator, so no page follows


def test_the_api_is_alike_and_knows_each_parameter_that_it_documents(worlds: Worlds) -> None:
    found = are_alike(worlds, "api")
    of_files = never_answered({}, "/api/v1/exports/")
    assert never_answered(found, "/api/v1/") - of_files == ONE_PAGE


def test_exports_feeds_calendars_and_zips_are_alike(worlds: Worlds) -> None:
    found = are_alike(worlds, "files")
    assert never_answered(found, "/api/v1/exports/") == set()


@pytest.mark.parametrize("leak", [pytest.param(one, id=one.name) for one in LEAKS["data"]])
def test_the_walk_catches(leak: Leak, worlds: Worlds) -> None:
    catches(worlds, leak)
