"""What each parameter is asked with: something published, something that is only in one world,
and something that is nowhere.

OpenAPI names the parameters of the API, and a page its own (`members.asking`). One whose values
nobody can tell from its kind has a line below, or raises LookupError.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from members.api.views import openapi
from members.asking import known_to
from tests.access.test_every_url import patterns
from tests.cast import OWN
from tests.worlds.probes import NEVER_ASKED, Probes

Values = Callable[[Probes], list[str]]

NAMED: dict[str, Values] = {
    "member": lambda known: [OWN, *known.private_members],
    "cycle": lambda known: ["2024", "2026"],
    "commitment": lambda known: known.references[:2],
    "statement": lambda known: ["2012", "2024"],
    "scope": lambda known: ["cycle-2024", *(f"2026-{code}" for code in known.private_members)],
    "shade": lambda known: ["reported", "on_time"],
    "theme": lambda known: ["victims"],
    "group": lambda known: ["EU"],
    "indicator": lambda known: ["icse_identified_victims"],
    "year": lambda known: ["2023", "2025"],
    "q": lambda known: [*known.words, "law"],
    "reference": lambda known: known.reports[:1],
    "version": lambda known: ["1"],
    "sha256": lambda known: ["0" * 64],
    "kind": lambda known: ["government"],
    "region": lambda known: ["Europe"],
    "as_of": lambda known: ["2024-10-01", *known.days[-1:]],
    "page": lambda known: ["1", "2"],
    "next": lambda known: ["/reporting/"],
    "to": lambda known: ["en"],
    "cursor": lambda known: [],  # a list tells the next one, and the walk goes on with it
}
KINDS: dict[str, list[str]] = {
    "integer": ["1", "2"],
    "boolean": ["true", "false"],
}
# Single rows at which the parameters are tried, by resource.
EXAMPLES = {
    "statements": ["2012"],
    "commitments": ["2012-T1"],
    "members": ["ALB"],
    "cycles": ["2024"],
    "reports": ["2024-BEL"],
    "summaries": ["cycle-2024"],
    "errata": ["1"],
}


def of_the_api(known: Probes) -> Iterator[str]:
    """The address of each question with one parameter that OpenAPI describes."""
    for template, name, schema in documented():
        for path in _examples(template):
            values = list(dict.fromkeys(_of_schema(name, schema, known)))
            if "/exports/" in path:
                values = values[:1]
            yield from (_put(path, name, value) for value in [*values, NEVER_ASKED])


def documented() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each parameter that OpenAPI names: where, its name, its schema."""
    for template, operations in openapi()["paths"].items():
        for one in operations["get"].get("parameters", []):
            if one["in"] == "query":
                yield template, one["name"], one["schema"]


def of_pages(filled: Callable[[str], list[str]], known: Probes) -> Iterator[str]:
    """The address of each question with one parameter that a page says it takes."""
    for route, view in patterns():
        question = getattr(view, "question", None)
        for name in question.base_fields if question else known_to(view) or ():
            values = NAMED[name](known) if name in NAMED else known.words[:1]
            path = filled(route)[0]
            yield from (_put(path, name, value) for value in [*values, NEVER_ASKED])


def _put(path: str, name: str, value: str) -> str:
    return f"{path}?{urlencode({name: value}, safe=',:')}"


def _examples(template: str) -> list[str]:
    if "{" not in template:
        return [template]
    if template.endswith("{form}"):
        return [template.replace("{form}", "ndjson")]
    return [template.replace("{key}", key) for key in EXAMPLES[template.split("/")[3]]]


def _of_schema(name: str, schema: dict[str, Any], known: Probes) -> list[str]:
    schema = schema.get("items", schema)
    if "enum" in schema:
        offered = [str(value) for value in schema["enum"]]
        return offered if name == "ordering" else [*_few(offered), ",".join(offered[:2])]
    if schema.get("format") == "date":
        return known.days
    if schema["type"] in KINDS:
        return KINDS[schema["type"]]
    if name not in NAMED:
        raise LookupError(f"tests/worlds/parameters.py does not say what {name}= can be")
    return NAMED[name](known)


def _few(values: list[str]) -> list[str]:
    return values if len(values) < 4 else [values[0], values[len(values) // 2], values[-1]]
