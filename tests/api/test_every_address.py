"""An analyst opens each address of the API and finds what the list of resources promised."""

import pytest
from django.test import Client
from django.utils.html import strip_tags

from .reading import RESOURCES as SERVED

RESOURCES = [
    *("statements", "commitments", "members", "signatures", "obligations", "cycles", "reports"),
    *("progress", "indicators", "observations", "verdicts", "summaries", "figures"),
    "errata",
]
pytestmark = pytest.mark.django_db


def test_the_list_names_every_resource_and_its_address(client: Client) -> None:
    listed = client.get("/api/v1/").json()
    assert list(listed) == [*RESOURCES, "dictionary", "schema"]
    for name, address in listed.items():
        assert address == f"http://testserver/api/v1/{name}/"


@pytest.mark.parametrize("name", RESOURCES)
def test_each_resource_answers_with_a_page(client: Client, name: str) -> None:
    answer = client.get(f"/api/v1/{name}/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert list(answer.json()) == ["next", "previous", "results"]


def test_the_documentation_names_every_resource_with_its_filters(client: Client) -> None:
    words = strip_tags(client.get("/api/").content.decode())
    for name, resource in SERVED.items():
        _, *after = words.split(f"/api/v1/{name}/")  # examples name it too; its row comes last
        assert not [
            one for one in resource.filter_names() if one not in after[-1].split("/api/")[0]
        ]
