"""Charts of reports on paper: a plain Vega-Lite description, drawn as SVG in our colours."""

from collections.abc import Mapping, Sequence
from typing import Any

# The ramp of the pages on white paper, and what an answer or a silence is filled with.
PRINT, PRINT_2, HAIR, RULE = "#12171d", "#4a5560", "#d2d9e0", "#6e7a86"
FILLS = {
    "implemented": "#0a2350",
    "in_progress": "#2a66b8",
    "planned": "#6496d5",
    "not_started": "#ffffff",
    "not_applicable": "#8592a0",
    "nothing_to_report": "#b4bfca",
    "excused": "#d2d9e0",
    "not_expected": "#eef2f6",
    "waiting": "#dfe5eb",
    "none": "#f9dfd5",
    "on_time": "#0a2350",
    "late": "#6496d5",
    "missed": "#f9dfd5",
    "untold": "#ffffff",
}
# A letter in the bar and in its legend says the same as the fill: prints are often grey. Each
# status has one for itself, the same on every chart.
LETTERS = dict(zip(FILLS, "ABCDEFGHJKLMNP", strict=True))
DARK = ("implemented", "in_progress", "on_time")
# What is narrower than these shares of a bar has its number in the table alone, or no letter.
ROOM, ROOM_FOR_A_LETTER = 0.075, 0.02
WIDTH, BAR = 620, 30
FRAME = {
    "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
    "background": None,
    "width": WIDTH,
    "height": {"step": BAR},
    "config": {
        "font": "Noto Sans",
        "view": {"stroke": None},
        "axis": {"labelColor": PRINT, "domainColor": RULE, "tickColor": HAIR},
        "legend": {
            "labelColor": PRINT,
            "labelFontSize": 11,
            "labelLimit": WIDTH,
            "symbolType": "square",
        },
    },
}

Counts = Mapping[str, int]


def described(rows: Sequence[tuple[str, Counts]], words: Mapping[str, str]) -> dict[str, Any]:
    """Bars of counts by round, one bar a round; `words` names what is counted, in its order."""
    used = [status for status in words if any(counts.get(status) for _name, counts in rows)]
    words = {status: f"{LETTERS[status]}  {words[status]}" for status in used}
    bars = [bar for name, counts in rows for bar in _bars(name, counts, words)]
    every = [name for name, _counts in rows]
    across = {"title": None, "grid": False, "tickCount": 6, "tickMinStep": 1}
    x = {"field": "from", "type": "quantitative", "axis": across, "scale": {"nice": False}}
    y = {"field": "round", "type": "nominal", "sort": every, "axis": {"title": None}}
    fill = {
        "field": "status",
        "type": "nominal",
        "scale": {"domain": [words[s] for s in used], "range": [FILLS[s] for s in used]},
        "legend": {"title": None, "orient": "bottom", "columns": 4, "symbolStrokeColor": RULE},
    }
    shape = {"type": "bar", "height": BAR - 8, "stroke": RULE, "strokeWidth": 0.6}
    middle = {"field": "middle", "type": "quantitative"}
    label = {"field": "label", "type": "nominal"}
    ink = {"condition": {"test": "datum.dark", "value": "#ffffff"}, "value": PRINT}
    encoding = {"x": x, "x2": {"field": "to"}, "y": y, "fill": fill}
    text = {"x": middle, "y": y, "text": label, "color": ink}
    layers = [
        {"mark": shape, "encoding": encoding},
        {"mark": {"type": "text", "fontSize": 11}, "encoding": text},
    ]
    return FRAME | {"data": {"values": bars}, "layer": layers}


def _bars(name: str, counts: Counts, words: Mapping[str, str]) -> list[dict[str, Any]]:
    total, at, bars = sum(counts.values()), 0, []
    for status, word in words.items():
        if n := counts.get(status, 0):
            bar = {"round": name, "status": word, "from": at, "to": at + n}
            bar |= {"middle": at + n / 2, "label": _label(word[0], n, n / total)}
            bars.append(bar | {"dark": status in DARK})
            at += n
    return bars


def _label(letter: str, n: int, share: float) -> str:
    if share < ROOM_FOR_A_LETTER:
        return ""
    return letter if share < ROOM else f"{letter} {n:,}"


def drawn(description: dict[str, Any]) -> str:
    """The chart as SVG. The same description gives the same text."""
    import vl_convert

    return vl_convert.vegalite_to_svg(description)
