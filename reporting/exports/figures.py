"""The figures of one summary as a file: a line for each figure of each round and kind of member.

The dataset `summaries` has a row for each summary, with all its figures in one cell; this is what
a spreadsheet can count with.
"""

from collections.abc import Iterator
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from members.access import access, anyone
from members.missing import REASONS

from ..models import Summary
from ..summaries.counting import BY_ENDORSEMENT
from ..summaries.telling import Told, titles
from ..tables.columns import Column
from .formats import FORMATS

FIGURES = [
    Column("scope", _("Scope")),
    Column("title", _("Title")),
    Column("round", _("Round")),
    Column("kind", _("Kind of member")),
    Column("figure", _("Figure")),
    Column("label", _("Figure in words")),
    Column("by_endorsement", _("Owed by endorsement"), "boolean"),
    Column("numerator", _("Numerator"), "integer"),
    Column("denominator", _("Denominator"), "integer"),
    Column("numerator_missing", _("Why the number is missing"), values=list(REASONS.items())),
    Column("built_at", _("Built at"), "datetime"),
    Column("synthetic", _("Synthetic"), "boolean"),
]


@access(anyone)
def figures(request: HttpRequest, scope: str, form: str) -> HttpResponse:
    """The figures of a summary that is shown, as CSV or as a workbook."""
    told = Told(get_object_or_404(Summary.objects.shown(), scope=scope))
    with translation.override("en"):
        rows = lines_of(told, titles([told.scope])[scope])
        blocks = FORMATS[form].write(map(orjson.dumps, rows), FIGURES)
        answer = HttpResponse(b"".join(blocks), content_type=FORMATS[form].media_type)
    answer["Content-Language"] = "en"
    mark = "synthetic-" if told.summary.synthetic else ""
    answer["Content-Disposition"] = f'attachment; filename="{mark}{scope}.{form}"'
    if told.summary.synthetic:
        answer["X-Data"] = "synthetic"
    return answer


def lines_of(told: Told, title: str) -> Iterator[dict[str, Any]]:
    """The rows under FIGURES, in the order of the rounds and of the vocabulary."""
    of = {"scope": told.scope.name, "title": title}
    of |= {name: told.row[name] for name in ("built_at", "synthetic")}
    for code, kinds in told.row["rounds"].items():
        for kind, named in kinds.items():
            for name, figure in named.items():
                yield of | {
                    "round": code,
                    "kind": kind,
                    "figure": name,
                    "label": told.words(name),
                    "by_endorsement": name.endswith(BY_ENDORSEMENT),
                    "numerator": figure["numerator"],
                    "denominator": figure["denominator"],
                    "numerator_missing": figure["reason"],
                }
