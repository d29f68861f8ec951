"""Someone reads docs/access.md: it says what the declared table says."""

from tests.access.page import PAGE, made


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == made(), "run .venv/bin/python -m tests.access.page"
