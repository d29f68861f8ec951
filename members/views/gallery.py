"""The design gallery: every component once, with invented figures and no named member."""

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..access import access, anyone


class Specimen(forms.Form):
    """Fields in every state; it is never sent anywhere."""

    next_steps = forms.CharField(
        help_text="In your own words.", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    link = forms.URLField(assume_scheme="https")
    keep = forms.ChoiceField(
        widget=forms.RadioSelect, choices=[("mine", "Keep mine"), ("theirs", "Keep theirs")]
    )
    complete = forms.BooleanField(label="This answer is complete", required=False)


@access(anyone)
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in both schemes and both directions; shows no data of the register."""
    schemes = [
        ("1", "light", "ltr", _("Light, left to right")),
        ("2", "dark", "ltr", _("Dark, left to right")),
        ("3", "light", "rtl", _("Light, right to left")),
        ("4", "dark", "rtl", _("Dark, right to left")),
    ]
    shown = [
        {"n": n, "scheme": s, "dir": d, "title": t, "form": _form(n)} for n, s, d, t in schemes
    ]
    return render(request, "design/gallery.html", {"schemes": shown, **_invented()})


def _form(number: str) -> Specimen:
    data = {"link": "ftp: //example", "keep": "theirs", "next_steps": "", "complete": "on"}
    return Specimen({f"g{number}-{k}": v for k, v in data.items()}, prefix=f"g{number}")


def _invented() -> dict[str, Any]:
    counts = {"implemented": 17, "in_progress": 7, "planned": 4, "not_started": 3}
    return {
        "works": ["completed", "in_progress", "not_started", "needs_attention", "returned"],
        "parts": list(counts.items()),
        "stack_rows": [
            {"name": "2024", "total": 49, "counts": counts | {"nothing_to_report": 2}},
            {"name": "2026", "total": 49, "counts": {"implemented": 12}, "open": True},
        ],
        "marks": [
            {"name": "2018", "kind": "not_collected", "words": _("not collected here")},
            {"name": "2020", "kind": "excused", "words": _("excused")},
            {"name": "2022", "kind": "missed", "words": _("missed")},
            {"name": "2024", "kind": "late", "words": _("late")},
            {"name": "2026", "kind": "on_time", "words": _("on time")},
            {"name": "2028", "kind": "due", "words": _("due")},
        ],
        "regions": [_region()],
        "heat_columns": [{"name": "London, 2014", "clauses": [_clause(n) for n in range(1, 5)]}],
        "heat_rows": [
            _row("AAA", "implemented", "in_progress", "planned", "not_started"),
            _row("BBB", "not_applicable", "nothing_to_report", "none", ""),
        ],
        "due": dt.date(2026, 7, 1),
        **_work(),
    }


def _region() -> dict[str, Any]:
    codes = ["AAA", "BBB", "CCC", "DDD"]
    tiles = [
        {"code": c, "level": n, "column": n + 1, "row": 1, "url": "#", "label": f"{c}: {n}"}
        for n, c in enumerate(codes)
    ]
    return {"name": _("A region"), "slug": "none", "tiles": tiles}


def _clause(n: int) -> dict[str, str]:
    return {"code": f"A{n}", "url": "#", "title": f"2014-GOV-A{n}"}


def _row(name: str, *statuses: str) -> dict[str, Any]:
    return {"name": name, "url": "#", "cells": [{"status": s} for s in statuses]}


def _work() -> dict[str, Any]:
    part = {"url": "#", "reference": "2012-S1", "title": "Plan of action", "work": "completed"}
    return {
        "next": [{"work": "returned", "words": "2012-G7", "url": "#", "note": "which year?"}],
        "tasks": [
            {"url": "#", "name": "Timetable", "done": 3, "of": 4, "who": "Focal point"}
            | {"work": "in_progress", "parts": [part]},
        ],
        "queue": [{"url": "#", "count": 4, "words": "Reports to review", "note": "oldest 9 days"}],
        "facts": [("Kind", "Undertaking"), ("Due", "“by March 2016”")],
        "dates": [{"when": "1 July 2026", "due": True, "words": "Biennial report", "url": "#"}],
        "toc": [
            {"url": "#", "words": "Who signed", "note": "51", "here": True},
            {"url": "#", "words": "Lineage"},
        ],
        "comments": [
            {"who": "Reviewer 1", "when": "3 July", "text": "Which year is meant?", "open": True},
            {"who": "Reviewer 2", "when": "6 July", "text": "As in May.", "internal": True},
        ],
    }
