"""`make load`: 200 people whose pages save every ten seconds, for two minutes; then 50 readers a
second over all public pages, for one, each page made anew; then the same once the site has kept
them. `ARGS="writing"`, `"reading"` or `"kept"` for one of the three."""

import argparse
import os
import secrets
import sys
import tempfile
from pathlib import Path

from tests.site import ROOT, started

PROCESSORS, PATIENCE = 2, 600
TURNS_BEFORE = 4  # until nearly every page is kept by both processes
PARTS = {
    "writing": "# Many who write at once",
    "reading": "# Many who read at once, each page made anew",
    "kept": "# Many who read at once, once the pages are kept",
}


def main() -> None:
    asked = arguments()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:PROCESSORS])
    parts = {"writing": writing, "reading": reading, "kept": reading_kept}
    sys.exit(max(parts[name](asked) for name in asked.parts or PARTS))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make load", description=__doc__)
    parser.add_argument("parts", nargs="*", help="writing, reading, kept; all three without a word")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=120, help="of writing")
    parser.add_argument("--rate", type=float, default=50, help="pages a second")
    parser.add_argument("--reading-seconds", type=float, default=60)
    parser.add_argument("--write", type=Path, default=ROOT / "docs" / "load.md")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return asked


def writing(asked: argparse.Namespace) -> int:
    """0 when every acknowledged save is there and 95% were quick enough, else 1."""
    with tempfile.TemporaryDirectory(prefix="alliance-load-") as folder:
        # The crowd's sessions are made here, so that they are signed with the site's own secret.
        os.environ["SECRET_KEY"] = secret = secrets.token_urlsafe(48)
        given = {"SECOND_FACTOR": "0", "LOG_LEVEL": "WARNING", "SECRET_KEY": secret}
        with started(Path(folder), **given) as site:
            return _write(Path(folder), site.port, asked)


def _write(state: Path, port: int, asked: argparse.Namespace) -> int:
    import django

    from alliance.standalone import postgres

    os.environ |= {"DATABASE_URL": postgres.address(state), "STATE_DIR": str(state), "DEMO": "0"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "alliance.settings"
    django.setup()
    from .crowd import gather
    from .found import AIM_MS, lost, report
    from .quantiles import quantile
    from .writing import write_for

    writers = gather(asked.people)
    found = write_for(writers, port, asked.seconds)
    keep("writing", report(found, people=asked.people, seconds=asked.seconds), asked.write)
    slow = quantile(found.seconds, 0.95) > AIM_MS
    return int(bool(slow or lost(found.kept) or not found.kept))


def reading(asked: argparse.Namespace) -> int:
    """0 when every answer was a page and 95% were quick enough, else 1; no page is kept."""
    return _read(asked, "reading", KEPT_PAGES="0")


def reading_kept(asked: argparse.Namespace) -> int:
    """The same of a site that keeps its pages, once each was asked for several times."""
    return _read(asked, "kept", before=TURNS_BEFORE)


def _read(asked: argparse.Namespace, part: str, before: int = 0, **how: str) -> int:
    from .quantiles import quantile
    from .reading import AIM_MS, addresses, read_for, report

    with tempfile.TemporaryDirectory(prefix="alliance-load-") as folder:
        given = {"DEMO": "1", "LOG_LEVEL": "WARNING", **how}
        with started(Path(folder), patience=PATIENCE, **given) as site:
            paths = addresses(site.port)
            read_for(paths, site.port, asked.rate, 2)  # both processes have imported everything
            read_for(paths, site.port, asked.rate, before * len(paths) / asked.rate)
            seconds = asked.reading_seconds
            found = read_for(paths, site.port, asked.rate, seconds)
            text = report(found, pages=len(paths), rate=asked.rate, seconds=seconds)
    keep(part, f"{PARTS[part]}\n\n{text}", asked.write)
    return int(bool(found.other or not found.all or quantile(found.all, 0.95) > AIM_MS))


def keep(part: str, text: str, file: Path) -> None:
    """Prints what was found and puts it in the place of what the file said of this part."""
    sys.stdout.write(text)
    said = file.read_text(encoding="utf-8") if file.exists() else ""
    whole = {part: text}
    for name, title in PARTS.items():
        if name != part and title in said:
            whole[name] = title + said.split(title, 1)[1].split("\n# ", 1)[0].rstrip() + "\n"
    file.write_text("\n".join(whole[name] for name in PARTS if name in whole), encoding="utf-8")


if __name__ == "__main__":
    main()
