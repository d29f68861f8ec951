"""A program reads the OpenAPI document, and every answer is as the document says."""

import json
from io import StringIO
from typing import Any

import jsonschema
import pytest
from django.core.management import call_command
from django.test import Client

from .reading import RESOURCES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document as the command prints it; a single warning would end it with an error."""
    printed = StringIO()
    call_command(
        "spectacular", format="openapi-json", fail_on_warn=True, validate=True, stdout=printed
    )
    return json.loads(printed.getvalue())


def answer_schema(document: dict[str, Any], path: str, status: int = 200) -> dict[str, Any]:
    """The JSON schema of an answer, with OpenAPI 3.0's `nullable` in the words of JSON Schema."""
    (content,) = document["paths"][path]["get"]["responses"][str(status)]["content"].values()
    words = json.dumps({"components": document["components"], **content["schema"]})
    return _nullable(json.loads(words))


def _nullable(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_nullable(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: _nullable(part) for name, part in schema.items() if name != "nullable"}
    if schema.get("type") == "object" and "properties" in plain:
        plain["additionalProperties"] = False
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") else plain


def test_the_document_is_served_as_it_is_printed(client: Client, document: dict[str, Any]) -> None:
    answer = client.get("/api/v1/schema/")
    assert answer["Content-Type"] == "application/vnd.oai.openapi+json"
    assert answer.json() == document


@pytest.mark.parametrize("name", RESOURCES)
def test_every_page_is_as_the_document_says(
    client: Client, document: dict[str, Any], name: str
) -> None:
    path = f"/api/v1/{name}/"
    jsonschema.validate(client.get(path).json(), answer_schema(document, path))


@pytest.mark.parametrize(
    "address",
    [
        "statements/2012",
        "commitments/2014-GOV-C3",
        "members/GBR",
        "cycles/2026",
        "reports/2026-ALB",
    ],
)
def test_every_row_is_as_the_document_says(
    client: Client, document: dict[str, Any], address: str
) -> None:
    path = f"/api/v1/{address.split('/')[0]}/{{key}}/"
    jsonschema.validate(client.get(f"/api/v1/{address}/").json(), answer_schema(document, path))


@pytest.mark.parametrize("name", RESOURCES)
def test_every_parameter_is_described_and_no_other(document: dict[str, Any], name: str) -> None:
    described = document["paths"][f"/api/v1/{name}/"]["get"]["parameters"]
    dated = ["as_of"] if RESOURCES[name].dated else []
    chosen = RESOURCES[name].choices()
    taken = {*RESOURCES[name].filter_names(), *chosen, "page_size", "cursor", *dated}
    assert {one["name"] for one in described} == taken
    assert all(one["description"] for one in described)


def test_every_problem_is_described_and_is_as_described(
    client: Client, document: dict[str, Any]
) -> None:
    for path, methods in document["paths"].items():
        answers = set(methods["get"]["responses"])
        assert answers >= {"200", "304", "400", "405", "429", "503"}, path
        assert ("404" in answers and "410" in answers) == ("{key}" in path)
    refused = client.get("/api/v1/members/?kind=x").json()
    jsonschema.validate(refused, answer_schema(document, "/api/v1/members/", 400))
    missing = client.get("/api/v1/members/XXX/").json()
    jsonschema.validate(missing, answer_schema(document, "/api/v1/members/{key}/", 404))


@pytest.mark.parametrize("name", RESOURCES)
def test_every_resource_has_an_example_that_is_right(document: dict[str, Any], name: str) -> None:
    content = document["paths"][f"/api/v1/{name}/"]["get"]["responses"]["200"]["content"]
    (example,) = content["application/json"]["examples"].values()
    jsonschema.validate(example["value"], answer_schema(document, f"/api/v1/{name}/"))
    assert example["value"]["results"]


OF_EVERY_PAGE = {  # of the site's pages too, and of HTTP itself: no part of what the API says
    *("Content-Type", "Content-Length", "Content-Language", "X-Content-Type-Options"),
    *("X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Allow"),
    *("Content-Security-Policy", "Access-Control-Expose-Headers", "Cache-Control"),
}


@pytest.mark.parametrize(
    ("address", "path", "status"),
    [
        ("", "", 200),
        ("members/?page_size=2", "members/", 200),
        ("commitments/?q=csam", "commitments/", 200),
        ("progress/", "progress/", 200),
        ("reports/2026-ALB/", "reports/{key}/", 200),
        ("dictionary/", "dictionary/", 200),
        ("exports/progress.csv", "exports/progress.{form}", 200),
        ("members/?kind=x", "members/", 400),
        ("members/XXX/", "members/{key}/", 404),
    ],
)
def test_every_header_is_described(
    client: Client,
    document: dict[str, Any],
    settings: Any,
    address: str,
    path: str,
    status: int,
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 6000
    answer = client.get(f"/api/v1/{address}", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == status
    described = document["paths"][f"/api/v1/{path}"]["get"]["responses"][str(status)]["headers"]
    assert set(answer.headers) - OF_EVERY_PAGE <= set(described)
    for name, one in described.items():
        if name in answer.headers:
            jsonschema.validate(answer[name], one["schema"])


def test_an_answer_that_makes_one_wait_says_how_long_in_the_document_too(
    document: dict[str, Any],
) -> None:
    for path, methods in document["paths"].items():
        for status in ("429", "503"):
            headers = methods["get"]["responses"][status]["headers"]
            assert headers["Retry-After"]["schema"]["type"] == "integer", path


@pytest.mark.parametrize("status", ["411", "413", "414", "417", "431"])
def test_what_the_server_itself_refuses_is_described_everywhere(
    document: dict[str, Any], status: str
) -> None:
    for path, methods in document["paths"].items():
        if "parameters" in methods["get"]:
            assert status in methods["get"]["responses"], path
