"""Pulls the whole register into pandas and draws what was answered, of all that was owed.

    python docs/examples/answers_by_statement.py http://localhost:8000 --round 2026 --into out

Needs pandas and matplotlib. Writes `answers-2026.png` and the counts behind it, `answers-2026.csv`.
What was fetched stays in `out/cache`; the next run asks whether it has changed (If-None-Match) and
fetches only what has. One bar is one statement: every clause that a government member owed when
the round opened is in it, answered or not. What is owed by endorsement, which is a reading of the
2015 text, has a bar of its own.
"""

import argparse
import datetime as dt
import json
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pandas as pd

INK, RULE, PRINT, SIGNAL = "#12479e", "#6e7a86", "#12171d", "#b0330b"
# What an answer can say, in the order of the bar: words, fill, pattern.
ANSWERS = {
    "implemented": ("implemented", "#0a2350", ""),
    "in_progress": ("in progress", "#2a66b8", ""),
    "planned": ("planned", "#6496d5", ""),
    "not_started": ("not started", "#ffffff", ""),
    "other": ("not applicable, or nothing to report", "#ffffff", "---"),
    "none": ("no published answer", "#ffffff", "..."),
}
OTHER = ["not_applicable", "nothing_to_report"]


class Register:
    """The published data of one site, kept in a folder and fetched only where they changed."""

    def __init__(self, site: str, cache: Path) -> None:
        self.api, self.cache = f"{site.rstrip('/')}/api/v1/", cache
        self.synthetic = False
        cache.mkdir(parents=True, exist_ok=True)

    def rows(self, name: str, **asked: str) -> pd.DataFrame:
        """All rows of a dataset, by the filters given."""
        text = self._text(f"exports/{name}.ndjson?{urlencode(asked)}".rstrip("?"), name)
        return pd.DataFrame([json.loads(line) for line in text.split("\n") if line])

    def names(self) -> list[str]:
        """Every dataset that there is."""
        return [one["code"] for one in json.loads(self._text("dictionary/"))["datasets"]]

    def _text(self, path: str, name: str = "dictionary") -> str:
        kept = self.cache / path.replace("/", "_").replace("?", "_")
        told = kept.with_name(f"{kept.name}.headers")
        held = json.loads(told.read_text()) if told.exists() and kept.exists() else {}
        request = Request(self.api + path)
        if held:
            request.add_header("If-None-Match", held["ETag"])
        try:
            with urlopen(request) as answer:
                kept.write_bytes(answer.read())
                held = {key: answer.headers.get(key) for key in ("ETag", "X-Data")}
                told.write_text(json.dumps(held))
                print(f"{name}: fetched")
        except HTTPError as error:
            if error.code != 304:
                raise
            print(f"{name}: unchanged")
        self.synthetic = self.synthetic or held["X-Data"] == "synthetic"
        return kept.read_text(encoding="utf-8")


def counts(data: dict[str, pd.DataFrame], owed: pd.DataFrame, code: str) -> pd.DataFrame:
    """How many clauses were answered how, by statement and basis; each row adds up to all owed."""
    members = data["members"]
    whom = members[(members.kind == "government") & members.reports_through.isna()].code
    owed = owed[owed.member.isin(whom)]
    answers = data["progress"]
    if not answers.empty:
        answers = answers[answers["cycle"] == code]
        answers = answers.assign(member=[member["code"] for member in answers.member])
        answers = answers[["member", "commitment", "status"]]
    else:
        answers = pd.DataFrame(columns=["member", "commitment", "status"])
    said = owed.merge(answers, on=["member", "commitment"], how="left")
    said["status"] = said.status.replace(OTHER, "other").fillna("none")
    said["bar"] = said.statement.where(said.basis != "endorsement", said.statement + ", endorsed")
    table = said.groupby(["bar", "status"]).size().unstack(fill_value=0)
    return table.reindex(columns=list(ANSWERS), fill_value=0)


def collected(cycles: pd.DataFrame, code: str) -> pd.Series:
    """The row of a round; ends the program where the register holds nothing of it, and says why."""
    found = cycles[cycles.code == code]
    if found.empty:
        sys.exit(f"There is no round {code}; there are {', '.join(cycles.code)}.")
    cycle = found.iloc[0]
    if cycle.reason == "not_collected":  # other reasons are of other figures of the row
        sys.exit(f"Nothing can be drawn of the round {code}: not_collected.")
    if cycle.opens_on > f"{dt.datetime.now(dt.UTC):%Y-%m-%d}":
        sys.exit(f"The round {code} has not opened: it opens on {cycle.opens_on}.")
    return cycle


def draw(table: pd.DataFrame, code: str, source: str, *, synthetic: bool) -> plt.Figure:
    """The bars, each as long as all that was owed."""
    figure, axes = plt.subplots(figsize=(10, 1.6 + 0.62 * len(table)), layout="constrained")
    before = pd.Series(0, index=table.index)
    for status, (words, fill, pattern) in ANSWERS.items():
        axes.barh(
            table.index,
            table[status],
            left=before,
            label=words,
            height=0.6,
            color=fill,
            hatch=pattern,
            edgecolor=RULE,
            linewidth=0.6,
        )
        before = before + table[status]
    for bar, owed in before.items():
        answered = owed - table.loc[bar, "none"]
        axes.text(owed, bar, f"  {answered:,} answered of {owed:,}", va="center", color=PRINT)
    _dress(figure, axes, before.max(), code, source, synthetic=synthetic)
    return figure


def _dress(
    figure: plt.Figure, axes: plt.Axes, longest: int, code: str, source: str, *, synthetic: bool
) -> None:
    axes.set_xlim(0, longest * 1.3)
    axes.invert_yaxis()
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(left=False, colors=PRINT)
    axes.set_xlabel(
        f"Clauses times government members that owed them when the round opened.\n{source}",
        loc="left",
        fontsize="small",
        color=PRINT,
    )
    title = f"What government members answered in the round {code},\nof all that they owed"
    if synthetic:
        title += " (SYNTHETIC: a demonstration, not to be quoted)"
    figure.suptitle(title, x=0.01, ha="left", color=SIGNAL if synthetic else INK)
    figure.legend(loc="outside lower left", ncols=3, frameon=False)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("site", nargs="?", default="http://localhost:8000")
    asked.add_argument("--round", default="2026")
    asked.add_argument("--into", type=Path, default=Path("out"))
    given = asked.parse_args()
    register = Register(given.site, given.into / "cache")
    data = {name: register.rows(name) for name in register.names()}
    cycle = collected(data["cycles"], given.round)
    owed = register.rows("obligations", as_of=cycle.opens_on)
    table = counts(data, owed, given.round)
    table.to_csv(given.into / f"answers-{given.round}.csv")
    source = f"Published answers, {given.site}/data/; round {given.round}: {cycle.state}."
    figure = draw(table, given.round, source, synthetic=register.synthetic)
    figure.savefig(given.into / f"answers-{given.round}.png", dpi=110)
    print(f"{len(data)} datasets, {sum(map(len, data.values()))} rows")


if __name__ == "__main__":
    main()
