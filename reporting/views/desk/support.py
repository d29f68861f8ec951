"""What members ask support with, counted for the secretariat. The public never sees a number."""

from collections import defaultdict
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from members import rules
from members.access import access
from members.asking import knows
from members.models import Member

from ...models import Build, Cycle, Sum
from ...summaries import progress
from ...summaries.counting import SILENCES
from ...summaries.scopes import named
from ...summaries.telling import titles

ASKED_BY = ("theme", "region", "commitment")  # kinds of scope, in the order of the page


@access(rules.in_secretariat)
@knows("cycle")
@require_safe
def support(request: HttpRequest) -> HttpResponse:
    """How many published answers of a round ask for support, by theme, region and clause."""
    rounds = list(Cycle.objects.begun(timezone.now().date()).order_by("-code"))
    code = request.GET.get("cycle") or (rounds[0].code if rounds else "")
    if code and code not in {cycle.code for cycle in rounds}:
        raise Http404
    kinds, parts = _counted(code)
    context = {"code": code, "rounds": rounds, "kinds": kinds, "parts": parts}
    context["last"] = progress.last_finished(Build.Job.SUMMARIES)
    return render(request, "reporting/desk/support.html", context)


def _counted(code: str) -> tuple[list[str], list[tuple[str, list[dict[str, Any]]]]]:
    """The kinds of member that answered, and by kind of scope what was asked, most first.

    Of each scope and kind: the answers that ask for support, and all that were published.
    """
    answers = Sum.objects.filter(cycle=code).exclude(status__in=SILENCES)
    counted = answers.values("scope", "kind").annotate(
        asks=models.Sum("support"), of=models.Sum("obligations")
    )
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for row in counted.order_by("scope", "kind"):
        found[row["scope"]][row["kind"]] = row["asks"], row["of"]
    kinds = [kind for kind in Member.Kind.values if any(kind in by for by in found.values())]
    asked = {
        scope: by for scope, by in found.items() if any(asks for asks, _answers in by.values())
    }
    words = titles([named(scope) for scope in asked])
    return kinds, [(sort, _rows(sort, asked, kinds, words)) for sort in ASKED_BY]


def _rows(
    sort: str,
    asked: dict[str, dict[str, tuple[int, int]]],
    kinds: list[str],
    words: dict[str, str],
) -> list[dict[str, Any]]:
    rows = [
        {
            "title": words[scope],
            "cells": [(kind, by.get(kind)) for kind in kinds],
            "asks": sum(asks for asks, _answers in by.values()),
        }
        for scope, by in asked.items()
        if named(scope).kind == sort
    ]
    return sorted(rows, key=lambda row: (-row["asks"], row["title"]))
