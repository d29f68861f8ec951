"""Tests of one group run on one worker, one after the other, also where they share no file.

pytest-xdist does the same for its mark `xdist_group`, but reads it from a private attribute that
pytest 9.2 no longer has, and then spreads the tests without a word. The mark stands at the top
of a file, so its text tells the group.
"""

import re
from functools import cache
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent.parent
GROUP = re.compile(r'^pytestmark = .*xdist_group\("(\w+)"\)', re.MULTILINE)


class ByGroup(LoadScopeScheduling):
    """Deals out single tests, and the tests of a group together."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid.partition("::")[0]) or nodeid


@cache
def group_of(file: str) -> str:
    """The group that a file of tests names; empty when it names none."""
    found = GROUP.search((ROOT / file).read_text(encoding="utf-8"))
    return found.group(1) if found else ""
