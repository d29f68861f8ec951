"""Someone names a database of their own."""

import pytest

from alliance import environment


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://ann:p%40ss@db.example:5433/tracker?sslmode=require",
            {"USER": "ann", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": "5433"},
        ),
        ("postgres:///tracker?host=/run/my%20sockets", {"HOST": "/run/my sockets", "USER": ""}),
        ("postgresql://ann@%2Frun%2Fpg/tracker", {"HOST": "/run/pg", "PORT": ""}),
    ],
)
def test_an_address_is_taken_apart(url: str, expected: dict[str, str]) -> None:
    found = environment.database(url)
    assert found["NAME"] == "tracker"
    assert {name: found[name] for name in expected} == expected


def test_options_of_the_driver_are_kept() -> None:
    found = environment.database(
        "postgresql://db.example/tracker?sslmode=require&connect_timeout=3"
    )
    assert found["OPTIONS"] == {"sslmode": "require", "connect_timeout": "3"}
