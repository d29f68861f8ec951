"""docs/benchmarks.md: the table, in words that a reader without the code understands."""

from collections.abc import Iterable
from pathlib import Path

from tests.bench.measuring import Row, in_units

HEAD = """# Benchmarks

How quick the register is beside other ways to serve the same rows. `make bench` measures this and
writes this page; [tests/bench/README.md](../tests/bench/README.md) says how. No test judges it.

Machine: {machine}. {how}. Repetitions are interleaved, after one that is not counted.

Absolute times mean little on another machine; the last columns are what was aimed at. A time is
the median of the repetitions, with the least and the most in brackets.

| goal | what | here | beside it | its time | wanted | found | |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""
MET = {True: "met", False: "**missed**", None: ""}


def write(rows: Iterable[Row], failed: dict[str, str], facts: dict[str, str], path: Path) -> None:
    """Writes the page anew, with what there is so far."""
    rows = list(rows)
    machine = ", ".join(f"{name} {value}" for name, value in facts.items() if name != "how")
    text = HEAD.format(machine=machine, how=facts["how"])
    text += "".join(_line(row) for row in rows)
    text += "".join(
        f"| {goal} | not measured: {why} | | | | | | |\n" for goal, why in failed.items()
    )
    missed = [row for row in rows if row.met is False]
    if missed:
        text += "\n## Missed\n\n" + "".join(_told(row) for row in missed)
    text += "\n## When\n\n" + "".join(
        f"- Goals {', '.join(dict.fromkeys(goals))}: {when}\n" for when, goals in _when(rows)
    )
    if noted := [row for row in rows if row.note and row not in missed]:
        text += "\n## Notes\n\n"
        text += "".join(f"- Goal {row.goal}, {row.what}: {row.note}\n" for row in noted)
    path.write_text(text)


def _when(rows: Iterable[Row]) -> list[tuple[str, list[str]]]:
    """The goals measured together; a measure of "2026-11-22 at commit 09ae18d, 5 times"."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.measured, []).append(row.goal)
    return list(found.items())


def _line(row: Row) -> str:
    cells = [
        *(row.goal, row.what, in_units(row.ours, row.unit), row.opponent),
        *(in_units(row.theirs, row.unit), _wanted(row), f"{row.ratio:.2f}x", MET[row.met]),
    ]
    return "| " + " | ".join(cells) + " |\n"


def _wanted(row: Row) -> str:
    sign, number = row.wanted.split()
    return f"{number}x as quick" if sign == ">=" else f"at most {number}x"


def _told(row: Row) -> str:
    told = f"- Goal {row.goal}, {row.what}, beside {row.opponent}: {_wanted(row)}, "
    return f"{told}{row.ratio:.2f}x found. {row.note}".rstrip() + "\n"
