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
        ("/api/v1/members/", "q=%c3%28"),
    ],
)
def test_nul_and_broken_utf8_are_refused(client: Client, path: str, query: str) -> None:
    assert get_raw(client, path, query) == 400


def test_letters_of_any_script_are_not(client: Client) -> None:
    assert get_raw(client, "/search/", "q=%D8%AA%D8%B9%D9%87%D9%91%D8%AF") == 200


class Endless(io.BytesIO):
    """A body that is counted as it is read and can be read for ever."""

    read_in_all = largest = 0

    def read(self, size: int | None = -1) -> bytes:
        size = size or 0
        self.read_in_all += size
        self.largest = max(self.largest, size)
        return b"x" * size


@pytest.mark.parametrize("path", ["/", "/api/v1/members/", "/api/nowhere", "/accounts/login/"])
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"CONTENT_LENGTH": str(60 * 1024 * 1024)}, 413),
        ({"CONTENT_LENGTH": str(10**15)}, 413),
        ({"HTTP_TRANSFER_ENCODING": "chunked"}, 411),
    ],
)
def test_a_huge_body_is_taken_in_small_blocks_and_thrown_away(
    client: Client, path: str, sent: dict[str, str], status: int
) -> None:
    body = Endless()
    answer = client.generic("POST", path, **sent, **{"wsgi.input": body})
    assert answer.status_code == status
    assert (answer["Content-Type"] == PROBLEM) == path.startswith("/api/")
    assert body.largest <= 64 * 1024
    assert body.read_in_all <= 100 * 1024 * 1024


def test_the_largest_body_is_read(client: Client) -> None:
    body = b"x" * settings.BODY_LIMIT
    assert client.post("/healthz", body, content_type="text/plain").status_code != 413


@pytest.mark.parametrize(
    ("path", "host", "status", "field", "code"),
    [
        ("/api/nowhere", "localhost", 404, "address", "not_found"),
        ("/api/v1/nowhere/", "localhost", 404, "address", "not_found"),
        ("/api/v2/members/", "localhost", 404, "address", "not_found"),
        ("/api/v1/%ff/", "localhost", 400, "address", "bad_request"),
        ("/api/v1/", "evil.example", 400, "host", "bad_request"),
    ],
)
def test_errors_under_api_are_problems(
    client: Client, path: str, host: str, status: int, field: str, code: str
) -> None:
    answer = client.get(path, headers={"host": host})
    assert answer.status_code == status
    assert answer["Content-Type"] == PROBLEM
    problem = answer.json()
    assert problem["status"] == status
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [(field, code)]
    assert all(error["detail"] for error in problem["errors"])


def test_a_missing_page_is_a_page(client: Client) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")
    assert "no such page" in answer.content.decode()


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/members/", "/members/ALB/", "/data/", "/api/"])
def test_a_page_that_is_read_says_so_before_it_asks_for_a_token(method: str, path: str) -> None:
    answer = Client(enforce_csrf_checks=True).generic(method, path, b"a=b")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
    assert (answer["Content-Type"] == PROBLEM) == (path == "/api/")


def test_the_page_about_the_api_refuses_as_the_api_does(client: Client) -> None:
    answer = client.get("/api/?foo=1")
    assert answer.status_code == 400
    assert answer["Content-Type"] == PROBLEM
    assert [error["field"] for error in answer.json()["errors"]] == ["foo"]


def test_the_policy_is_the_same_header_in_every_process(client: Client) -> None:
    directives = client.get("/about/")["Content-Security-Policy"].split("; ")
    assert directives == sorted(directives)
    assert len(directives) == len(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])
