"""What every test can rely on: a real PostgreSQL, and the programs that are really there."""

import gc
import os
import shutil
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import SafeString
from hypothesis import settings

from tests import database, scheduling
from tests.cast import (
    administrator,
    analyst,
    contributor,
    disabled,
    editor,
    focal_point,
    former,
    member,
    other_member,
    outsider,
    reviewer,
    visitor,
)
from tests.database import fresh_database

__all__ = [
    "administrator",
    "analyst",
    "contributor",
    "disabled",
    "editor",
    "focal_point",
    "former",
    "fresh_database",
    "member",
    "other_member",
    "outsider",
    "reviewer",
    "visitor",
]

# Property tests try the same cases every time, so that a change and not chance decides; with
# `--hypothesis-profile=wander` they go looking for new ones.
settings.register_profile("steady", derandomize=True)
settings.register_profile("wander", derandomize=False, max_examples=1000)
settings.load_profile("steady")

# A test that needs one of these programs carries the mark; without the program it is left out.
PROGRAMS = {"redis": "redis-server", "browser": "chromium", "curl": "curl"}


def _missing() -> dict[str, str]:
    return {mark: program for mark, program in PROGRAMS.items() if not shutil.which(program)}


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    config = session.config
    if config.option.collectonly:
        return
    if not hasattr(config, "workerinput"):
        call_command("compile_catalogues")
        database.begin(config)
    database.point_django_at_it()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Deals out the tests by group; `--dist` chooses otherwise when it is not `loadgroup`."""
    return scheduling.ByGroup(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    def is_missing(item: pytest.Item) -> bool:
        return any(item.get_closest_marker(mark) for mark in _missing())

    if left_out := [item for item in items if is_missing(item)]:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not is_missing(item)]


def pytest_collection_finish() -> None:
    """What is there by now stays until the end: the collector need not look at it again."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for mark, program in _missing().items():
        terminalreporter.write_line(f"left out: tests marked {mark}, for want of {program}")


@pytest.fixture(autouse=True, scope="session")
def _the_client_keeps_the_contexts_of_pages_alone(django_test_environment: None) -> Iterable[None]:
    """Django's test client copies the context of every template drawn, each field of a form too.

    That took a tenth of a request and more. Templates within another are left out, so
    `answer.context` is the page's.
    """
    told, within = Template._render, ContextVar("within", default=False)

    def render(template: Template, context: Context) -> SafeString:
        if within.get():
            return template.nodelist.render(context)
        token = within.set(True)
        try:
            return told(template, context)
        finally:
            within.reset(token)

    Template._render = render
    yield
    Template._render = told


@pytest.fixture(autouse=True)
def _every_test_begins_in_english() -> None:
    """The test client leaves behind the language of the last page that it asked for."""
    translation.activate("en")


@pytest.fixture(autouse=True, scope="session")
def _browser_tests_may_use_the_database() -> Iterable[None]:
    """Playwright's synchronous calls run inside an event loop, which Django would refuse."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterable[None]:
    """Closes what is open before the test database is dropped.

    Django keeps connections of their own for a running event loop. When a browser test was the
    first to ask for the database, the connection that drops it is not the one of other tests.
    """
    yield
    connections.close_all()
