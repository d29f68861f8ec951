"""How the tests read an export, whatever its format."""

import csv
import io
import json
from typing import Any

import openpyxl
from django.test import Client

from reporting.tables.cells import csv_text, xlsx_value

FORMS = ["ndjson", "json", "csv", "xlsx"]


def export(client: Client, name: str, form: str = "ndjson", **parameters: Any) -> bytes:
    """The bytes of an export."""
    answer = client.get(f"/api/v1/exports/{name}.{form}", parameters)
    assert answer.status_code == 200, answer.content
    return answer.getvalue()


def json_rows(client: Client, name: str, form: str = "ndjson", **asked: Any) -> list[Any]:
    """The rows of an export that is JSON."""
    written = export(client, name, form, **asked)
    if form == "json":
        return json.loads(written)
    return [json.loads(line) for line in written.decode().split("\n") if line]


def table(client: Client, name: str, form: str = "csv", **asked: Any) -> list[dict[str, Any]]:
    """The rows of an export that is a table; every cell as the text it was made of."""
    return as_table(export(client, name, form, **asked), form)


def as_table(written: bytes, form: str) -> list[dict[str, Any]]:
    if form == "csv":
        lines = csv.reader(io.StringIO(written.decode(), newline=""), strict=True)
        header, *rows = [[csv_text(cell) for cell in line] for line in lines]
    else:
        book = openpyxl.load_workbook(io.BytesIO(written))
        assert all(cell.data_type in "snb" for row in book.active.iter_rows() for cell in row)
        header, *rows = [[_text(cell) for cell in row] for row in book.active.values]
    assert len(set(header)) == len(header)
    return [dict(zip(header, row, strict=True)) for row in rows]


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return "" if cell is None else xlsx_value(str(cell))
