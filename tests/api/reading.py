"""How the tests read the API: one page, or all of them by following `next`."""

from typing import Any

from django.test import Client

from reporting.api.urls import RESOURCES as SERVED

HOST = "http://testserver"
RESOURCES = {resource.name: resource for resource in SERVED}
DATED = [name for name, resource in RESOURCES.items() if resource.dated]


def page(client: Client, name: str, **parameters: Any) -> dict[str, Any]:
    """One page of a resource."""
    answer = client.get(f"/api/v1/{name}/", parameters)
    assert answer.status_code == 200, answer.content
    return answer.json()


def every_row(client: Client, name: str, **parameters: Any) -> list[dict[str, Any]]:
    """All rows of a resource, in the order in which `next` gives them."""
    found = page(client, name, **{"page_size": 1000} | parameters)
    rows = found["results"]
    while found["next"]:
        assert found["next"].startswith(f"{HOST}/api/v1/{name}/?")
        found = client.get(found["next"].removeprefix(HOST)).json()
        rows += found["results"]
    return rows


def faults(client: Client, address: str, status: int = 400) -> list[tuple[str | None, str]]:
    """The (field, code) pairs of a problem at this address."""
    answer = client.get(address)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert list(body) == ["type", "title", "status", "detail", "errors"]
    assert body["status"] == status
    assert body["detail"]
    assert all(set(error) == {"field", "code", "detail"} for error in body["errors"])
    return [(error["field"], error["code"]) for error in body["errors"]]
