"""Someone sends what no browser of an honest reader sends: it is refused in words, never a 500."""

import io

import pytest
from django.conf import settings
from django.test import Client

PROBLEM = "application/problem+json"

pytestmark = pytest.mark.django_db


def get_raw(client: Client, path: str, query: str = "") -> int:
    """The status for a path and query as they stand on the wire."""
    return client.get("/", PATH_INFO=path, QUERY_STRING=query).status_code


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/v1/", "/static/css/base.css"])
def test_a_foreign_host_is_refused_everywhere(client: Client, path: str) -> None:
    answer = client.get(path, headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/members/\0/", ""),
        ("/members/\xff\xfe/", ""),
        ("/", "q=%00"),
        ("/", "q=%ff"),
        ("/api/v1/members", "q=%c3%28"),
    ],
)
def test_nul_and_broken_utf8_are_refused(client: Client, path: str, query: str) -> None:
    assert get_raw(client, path, query) == 400


def test_letters_of_any_script_are_not(client: Client) -> None:
    assert get_raw(client, "/healthz", "q=%D8%AA%D8%B9%D9%87%D9%91%D8%AF") == 200


class Unread(io.BytesIO):
    """A body that must not be touched."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("the body was read")


@pytest.mark.parametrize("path", ["/", "/api/v1/members/", "/api/nowhere", "/accounts/login/"])
def test_a_huge_body_is_refused_unread(client: Client, path: str) -> None:
    answer = client.generic(
        "POST", path, **{"CONTENT_LENGTH": str(60 * 1024 * 1024), "wsgi.input": Unread()}
    )
    assert answer.status_code == 413
    assert (answer["Content-Type"] == PROBLEM) == path.startswith("/api/")


def test_the_largest_body_is_read(client: Client) -> None:
    body = b"x" * settings.BODY_LIMIT
    assert client.post("/healthz", body, content_type="text/plain").status_code != 413


@pytest.mark.parametrize(
    ("path", "host", "status", "code"),
    [
        ("/api/nowhere", "localhost", 404, "not_found"),
        ("/api/v1/nowhere/", "localhost", 404, "not_found"),
        ("/api/v2/members/", "localhost", 404, "not_found"),
        ("/api/v1/", "evil.example", 400, "bad_request"),
    ],
)
def test_errors_under_api_are_problems(
    client: Client, path: str, host: str, status: int, code: str
) -> None:
    answer = client.get(path, headers={"host": host})
    assert answer.status_code == status
    assert answer["Content-Type"] == PROBLEM
    problem = answer.json()
    assert problem["status"] == status
    assert [error["code"] for error in problem["errors"]] == [code]
    assert all(error.keys() == {"field", "code", "detail"} for error in problem["errors"])


def test_a_missing_page_is_a_page(client: Client) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")
    assert "no such page" in answer.content.decode()
