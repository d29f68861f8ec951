"""The two worlds, told once for all tests of this folder, and ways to ask them."""

import datetime as dt
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from members.models import PublicVersion
from reporting import summaries
from reporting.exports import bulk
from tests.database import Database, cloned, used
from tests.worlds import story
from tests.worlds.both import WORLDS, World
from tests.worlds.probes import Probes, gather
from tests.worlds.surface import Ask, area_of
from tests.worlds.walk import Answer, Mine, answers, in_world

Leak = Callable[[], None]
Answers = dict[Ask, Answer]
VERSION = "the public version"


@dataclass(frozen=True)
class Worlds:
    """Two databases in which the same is published, and what to ask them with."""

    databases: tuple[Database, Database]
    known: Probes
    now: dt.datetime
    bulk: Path
    blocker: Any

    def walk(self, area: str) -> tuple[Answers, Answers]:
        """What both worlds answer in one area, and to where its links lead, at the same moment."""

        def before() -> None:
            if area == "files":
                self._keep_the_day()

        return self._both(before, lambda path: area_of(path) == area, follow=True)

    def leak(self, where: tuple[str, ...], put_in: Leak) -> tuple[Answers, Answers]:
        """What both answer below `where` with a leak put in, built anew where it is built."""

        def before() -> None:
            put_in()
            if any("summaries" in begin for begin in where):
                summaries.build(now=self.now, whole=True)
            if any(begin.startswith("/data/") for begin in where):
                self._keep_the_day()

        return self._both(before, lambda path: path.startswith(where), follow=False)

    def _keep_the_day(self) -> None:
        zipped = bulk.build(self.now.date(), now=self.now)
        os.utime(zipped.path, (story.PINNED.timestamp(),) * 2)

    def _both(
        self, before: Callable[[], None], mine: Mine, *, follow: bool
    ) -> tuple[Answers, Answers]:
        with self.blocker.unblock(), as_asked():
            begun = [
                in_world(database, lambda world=world: self._asked(world, before, mine, follow))
                for world, database in zip(WORLDS, self.databases, strict=True)
            ]
            first, second = [result() for result in begun]
        return first, second

    def _asked(self, world: World, before: Leak, mine: Mine, follow: bool) -> Answers:
        """Builds what the timetable builds, goes on where nobody should see it, and asks."""
        timezone.now = lambda: self.now
        logging.disable(logging.CRITICAL)
        settings.BULK_DIR = self.bulk / world.name
        before()
        story.pin()
        story.go_on(world)
        version = PublicVersion.objects.values_list("number", "changed_at").get()
        found = answers(self.known, mine, follow=follow)
        return found | {Ask(VERSION): Answer(200, (), str(version).encode())}


@pytest.fixture(scope="session")
def worlds(django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """Told once for a process. Nothing of them is left in it, but two databases."""
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    with ExitStack() as databases:
        with django_db_blocker.unblock(), as_asked():
            first, second = told(databases, now)
            known = gather((first, second), [world.word for world in WORLDS])
        folder = tmp_path_factory.mktemp("bulk")
        yield Worlds((first, second), known, now, folder, django_db_blocker)


@contextmanager
def as_asked() -> Iterator[None]:
    """Rounds since the first one that the story tells of, and no limit to the requests."""
    given = {"FIRST_CYCLE": story.FIRST_CYCLE, "API_REQUESTS_PER_MINUTE": 0}
    with override_settings(**given), summaries.built_by_the_caller():
        yield


def told(databases: ExitStack, now: dt.datetime) -> list[Database]:
    """The databases of both worlds, gone when `databases` ends."""
    with cloned() as common:
        with used(common):
            story.tell_common()
        both = [databases.enter_context(cloned(common.name)) for _ in WORLDS]
    for world, database in zip(WORLDS, both, strict=True):
        with used(database):
            story.tell(world)
            summaries.build(now=now)
            connection.cursor().execute("ANALYZE")
    return both
