"""Whoever asks wrongly is told which parameter is wrong, and why; nothing is guessed."""

import pytest
from django.core import signing
from django.db import OperationalError
from django.test import Client

from members.api import freshness

from .reading import HOST, RESOURCES, faults, page

pytestmark = pytest.mark.django_db
CODED = [
    *("statements?binding", "commitments?statement", "commitments?kind", "commitments?duty"),
    *("commitments?theme", "members?kind", "members?region", "members?statement", "members?group"),
    *("signatures?member", "signatures?statement", "obligations?member", "obligations?statement"),
    *("obligations?commitment", "obligations?basis", "cycles?state", "reports?cycle"),
    *("reports?member", "reports?kind", "reports?region", "progress?cycle", "progress?member"),
    *("progress?commitment", "progress?statement", "progress?status", "progress?theme"),
    *("progress?kind", "progress?region", "indicators?indicator", "observations?indicator"),
    *("observations?member", "observations?year", "verdicts?year", "summaries?scope"),
]


@pytest.mark.parametrize("coded", CODED)
def test_an_unknown_code_is_refused_by_name(client: Client, coded: str) -> None:
    name, one = coded.split("?")
    for value in ("XYZ", "alb", ",", "ALB;BEL", "Ω", "2012'--", "0", "ALB%20"):
        assert faults(client, f"/api/v1/{name}/?{one}={value}") == [(one, "unknown_code")]


@pytest.mark.parametrize("name", RESOURCES)
def test_an_unknown_parameter_is_refused_by_name(client: Client, name: str) -> None:
    for one in ("format", "offset", "Page_size", "id", "order", "page"):
        assert faults(client, f"/api/v1/{name}/?{one}=1") == [(one, "unknown_parameter")]


@pytest.mark.parametrize("address", ["", "schema/", "statements/2012/", "reports/2026-ALB/"])
def test_an_address_without_parameters_takes_none(client: Client, address: str) -> None:
    assert faults(client, f"/api/v1/{address}?q=1") == [("q", "unknown_parameter")]


@pytest.mark.parametrize("name", RESOURCES)
def test_a_parameter_given_twice_is_refused(client: Client, name: str) -> None:
    found = faults(client, f"/api/v1/{name}/?page_size=5&page_size=5")
    assert found == [("page_size", "repeated_parameter")]


def test_a_person_reads_which_parameter_is_wrong_and_why(client: Client) -> None:
    detail = client.get("/api/v1/reports/?member=ALB,XYZ&cycle=2013").json()["detail"]
    rounds = "2014, 2016, 2018, 2020, 2022, 2024, 2026, 2028"
    assert detail == (
        f"cycle: Not known here: '2013'. Known: {rounds}. member: Not known here: 'XYZ'."
    )


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("members/?kind=state", "Known: civil_society, government, intergovernmental"),
        ("reports/?member=alb", "Did you mean: ALB?"),
        ("figures/?figure=publish", "Did you mean: published"),
        ("observations/?year=24", "Not known here: '24'."),
    ],
)
def test_a_person_reads_which_code_was_meant(client: Client, asked: str, words: str) -> None:
    assert words in client.get(f"/api/v1/{asked}").json()["detail"]


def test_every_fault_of_a_request_is_named_at_once(client: Client) -> None:
    found = faults(client, "/api/v1/members/?kind=x&kind=y&nope=1&q=")
    assert set(found) == {
        ("kind", "repeated_parameter"),
        ("nope", "unknown_parameter"),
        ("q", "invalid"),
    }


@pytest.mark.parametrize(
    "size", ["0", "-1", "1001", "99999999999", "1.0", "1e2", "ten", "١٠", "+5"]
)
def test_a_page_size_out_of_range_is_refused(client: Client, size: str) -> None:
    assert faults(client, f"/api/v1/members/?page_size={size}") == [("page_size", "out_of_range")]


def test_the_smallest_and_the_largest_page_size_are_taken(client: Client) -> None:
    assert len(page(client, "members", page_size=1)["results"]) == 1
    assert len(page(client, "signatures", page_size=1000)["results"]) == 152


@pytest.mark.parametrize(
    "day", ["2023-02-29", "2023-13-01", "20230101", "2023-1-1", "2023-W01-1", "٢٠٢٣-٠١-٠١", "now"]
)
def test_a_day_that_does_not_exist_is_refused(client: Client, day: str) -> None:
    assert faults(client, f"/api/v1/members/?as_of={day}") == [("as_of", "invalid")]
    assert faults(client, f"/api/v1/members/ALB/?as_of={day}") == [("as_of", "invalid")]


@pytest.mark.parametrize("one", ["q", "kind", "as_of", "page_size", "cursor"])
def test_a_parameter_without_a_value_is_refused(client: Client, one: str) -> None:
    assert faults(client, f"/api/v1/members/?{one}=") == [(one, "invalid")]


@pytest.mark.parametrize("one", ["q", "kind", "as_of", "cursor"])
def test_what_is_no_text_is_refused_by_the_name_of_its_parameter(client: Client, one: str) -> None:
    for value in ("%00", "a%00b", "%FF", "%ED%A0%80"):
        assert faults(client, f"/api/v1/members/?{one}={value}") == [(one, "invalid")]


def test_words_that_no_text_can_hold_are_refused(client: Client) -> None:
    assert faults(client, "/api/v1/members/?q=%E2%80%AE") == [("q", "forbidden_character")]
    assert faults(client, f"/api/v1/members/?q={'x' * 201}") == [("q", "max_length")]


def a_cursor(client: Client, name: str = "members", **parameters: object) -> str:
    following = page(client, name, page_size=2, **parameters)["next"]
    return following.split("cursor=")[1]


def test_a_cursor_goes_with_its_resource_its_filters_and_its_day_alone(client: Client) -> None:
    cursor = a_cursor(client, kind="government")
    refused = [("cursor", "not_issued_here")]
    assert faults(client, f"/api/v1/members/?cursor={cursor}") == refused
    assert faults(client, f"/api/v1/members/?kind=civil_society&cursor={cursor}") == refused
    assert faults(client, f"/api/v1/statements/?cursor={cursor}") == refused
    of_a_day = f"/api/v1/members/?kind=government&as_of=2023-01-01&cursor={cursor}"
    assert faults(client, of_a_day) == refused
    taken = client.get(f"/api/v1/members/?kind=government&page_size=50&cursor={cursor}")
    assert taken.status_code == 200


@pytest.mark.parametrize("cursor", ["x", "1", "WyJhZnRlciJd", "a:b", ":", "Ω", "é:é"])
def test_a_cursor_not_issued_here_is_refused(client: Client, cursor: str) -> None:
    assert faults(client, f"/api/v1/members/?cursor={cursor}") == [("cursor", "not_issued_here")]


def test_a_cursor_changed_by_one_letter_is_refused(client: Client) -> None:
    cursor = a_cursor(client)
    for place in range(0, len(cursor), 5):
        letter = "A" if cursor[place] != "A" else "B"
        changed = cursor[:place] + letter + cursor[place + 1 :]
        assert faults(client, f"/api/v1/members/?cursor={changed}") == [
            ("cursor", "not_issued_here")
        ]


def test_a_cursor_signed_for_something_else_is_refused(client: Client) -> None:
    forged = signing.Signer(salt="another").sign_object(["after", "ALB"])
    assert faults(client, f"/api/v1/members/?cursor={forged}") == [("cursor", "not_issued_here")]


def test_the_same_request_gives_the_same_cursor(client: Client) -> None:
    assert a_cursor(client) == a_cursor(client)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_nothing_can_be_written(client: Client, method: str) -> None:
    for address in ("/api/v1/", "/api/v1/members/", "/api/v1/members/ALB/", "/api/v1/schema/"):
        answer = getattr(client, method)(address)
        assert answer.status_code == 405
        assert answer["Allow"] == "GET, HEAD, OPTIONS"
        assert answer["Content-Type"] == "application/problem+json"


def test_a_body_is_not_even_read(client: Client) -> None:
    deep = "[" * 100_000
    answer = client.post("/api/v1/members/", deep, content_type="application/json")
    assert answer.status_code == 405


@pytest.mark.parametrize(
    "address",
    ["nope/", "members/XXX/", "commitments/2012-T99/", "reports/2026-XXX/", "reports/nonsense/"],
)
def test_what_is_not_there_is_a_problem_too(client: Client, address: str) -> None:
    assert faults(client, f"/api/v1/{address}", 404) == [("address", "not_found")]


def test_a_number_of_requests_beyond_the_limit_is_told_when_to_come_back(
    client: Client, settings: object
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3  # type: ignore[attr-defined]
    answers = [client.get("/api/v1/", REMOTE_ADDR="192.0.2.7") for _ in range(8)]
    last = answers[-1]
    assert last.status_code == 429
    assert last["Content-Type"] == "application/problem+json"
    assert 1 <= int(last["Retry-After"]) <= 60
    assert client.get("/api/v1/", REMOTE_ADDR="192.0.2.8").status_code == 200


def test_a_forwarded_address_is_not_believed_without_a_trusted_proxy(
    client: Client, settings: object
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3  # type: ignore[attr-defined]
    for n in range(8):
        answer = client.get(
            "/api/v1/", REMOTE_ADDR="192.0.2.9", headers={"X-Forwarded-For": f"192.0.2.{n + 20}"}
        )
    assert answer.status_code == 429
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1  # type: ignore[attr-defined]
    answer = client.get(
        "/api/v1/", REMOTE_ADDR="192.0.2.9", headers={"X-Forwarded-For": "x, 192.0.2.55"}
    )
    assert answer.status_code == 200


def test_nothing_is_said_about_html(client: Client) -> None:
    for accepted in ("text/html", "application/xml", "nonsense", "image/png;q=0.1"):
        answer = client.get("/api/v1/statements/", headers={"Accept": accepted})
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/json"


def test_a_program_in_a_browser_may_read_from_any_site(client: Client) -> None:
    asked = client.options("/api/v1/members/", headers={"Origin": "https://example.org"})
    assert asked.status_code == 204
    assert asked["Allow"] == "GET, HEAD, OPTIONS"
    for answer in (asked, client.get("/api/v1/members/"), client.get("/api/v1/members/?x=1")):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer


@pytest.mark.parametrize("address", ["", "schema/", "members/", "members/ALB/", "progress/"])
def test_while_the_database_is_away_one_is_told_to_come_back(
    client: Client, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("the server closed the connection")

    client.raise_request_exception = False
    monkeypatch.setattr(freshness, "stamp", away)
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert int(answer["Retry-After"]) > 0


def test_head_tells_what_get_would(client: Client) -> None:
    head, get = client.head("/api/v1/members/"), client.get("/api/v1/members/")
    assert head.content == b""
    assert head.status_code == 200
    assert (head["ETag"], head["Last-Modified"]) == (get["ETag"], get["Last-Modified"])
    assert HOST not in str(head.headers)


@pytest.mark.parametrize("address", ["members/", "nope/", ""])
def test_a_body_that_is_too_large_is_a_problem(
    client: Client, settings: object, address: str
) -> None:
    settings.BODY_LIMIT = 1000  # type: ignore[attr-defined]
    body = "x" * 1001
    answer = client.post(f"/api/v1/{address}", body, content_type="text/plain")
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    (fault,) = answer.json()["errors"]
    assert (fault["field"], fault["code"]) == ("body", "request_entity_too_large")


@pytest.mark.parametrize(
    "address", ["", "schema/", "members/", "members/ALB/", "progress/", "exports/progress.csv"]
)
def test_a_mistake_of_ours_is_a_problem_that_tells_nothing_of_it(
    client: Client, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("a secret of the inside")

    client.raise_request_exception = False
    monkeypatch.setattr(freshness, "stamp", fails)
    answer = client.get(f"/api/v1/{address}")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    body = answer.json()
    assert list(body) == ["type", "title", "status", "detail", "errors"]
    assert body["errors"][0]["code"] == "internal_server_error"
    assert b"secret" not in answer.content
