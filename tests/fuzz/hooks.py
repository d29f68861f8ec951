"""What schemathesis is told about this site; it loads this module itself (SCHEMATHESIS_HOOKS).

The OpenAPI document says which shape a code has, and the API lists the codes themselves. Here the
two are put together, so that requests within the document reach rows, and codes that are not
listed are bad requests that must be refused. What came back is counted into FUZZ_COUNTS.
"""

import atexit
import json
import os
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

import schemathesis

# The parameter: the resource that lists its codes, and the field they stand in.
LISTED = {
    "statement": ("statements", "code"),
    "commitment": ("commitments", "reference"),
    "theme": ("commitments", "themes"),
    "member": ("members", "code"),
    "group": ("members", "groups"),
    "cycle": ("cycles", "code"),
    "indicator": ("indicators", "indicator"),
    "year": ("observations", "year"),
    "scope": ("summaries", "scope"),
}
KEYS = {
    "statements": "code",
    "commitments": "reference",
    "members": "code",
    "cycles": "code",
    "reports": "id",
    "summaries": "scope",
    "errata": "number",
}
COUNTED: Counter[str] = Counter()


def rows(name: str) -> list[dict[str, Any]]:
    address = f"{os.environ['FUZZ_SITE']}/api/v1/{name}/?page_size=1000"
    with urllib.request.urlopen(address, timeout=30) as answer:
        return json.load(answer)["results"]


def codes(name: str, field: str) -> list[str]:
    found: set[str] = set()
    for row in rows(name):
        value = row[field]
        several = value if isinstance(value, list) else [value]
        found |= {str(one["group"] if isinstance(one, dict) else one) for one in several}
    return sorted(found)


@schemathesis.hook
def before_load_schema(context: Any, raw_schema: dict[str, Any]) -> None:
    """Puts the codes that the API lists into the document, and the keys into its addresses."""
    listed = {name: codes(*where) for name, where in LISTED.items()}
    for path, methods in raw_schema["paths"].items():
        for one in methods["get"].get("parameters", []):
            shape = one["schema"]
            if one["in"] == "path" and one["name"] == "key":
                resource = path.split("/")[3]
                keys = codes(resource, KEYS[resource])
                one["schema"] = {"type": "string", "enum": keys}
                one.pop("examples", None)
            elif one["name"] in listed and shape.get("type") == "array":
                shape["items"] = {"type": "string", "enum": listed[one["name"]]}


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """A cursor is issued with a page and never made up: a good request goes without one."""
    if case.meta and case.meta.generation.mode.is_positive and case.query:
        case.query.pop("cursor", None)


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    mode = case.meta.generation.mode.value if case.meta else "unknown"
    COUNTED[f"{mode} {case.method} {response.status_code}"] += 1


@atexit.register
def tell() -> None:
    if path := os.environ.get("FUZZ_COUNTS"):
        Path(path).write_text(json.dumps(COUNTED))
