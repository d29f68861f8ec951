"""`make load`: 200 people whose pages save every ten seconds, for two minutes."""

import argparse
import os
import secrets
import sys
import tempfile
from pathlib import Path

from tests.site import ROOT, started

PROCESSORS = 2


def main() -> None:
    asked = arguments()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:PROCESSORS])
    with tempfile.TemporaryDirectory(prefix="alliance-load-") as folder:
        # The crowd's sessions are made here, so that they are signed with the site's own secret.
        os.environ["SECRET_KEY"] = secret = secrets.token_urlsafe(48)
        given = {"SECOND_FACTOR": "0", "LOG_LEVEL": "WARNING", "SECRET_KEY": secret}
        with started(Path(folder), **given) as site:
            sys.exit(run(Path(folder), site.port, asked))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make load", description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--write", type=Path, default=ROOT / "docs" / "load.md")
    return parser.parse_args()


def run(state: Path, port: int, asked: argparse.Namespace) -> int:
    """0 when every acknowledged save is there and 95% were quick enough, else 1."""
    import django

    from alliance.standalone import postgres

    os.environ |= {"DATABASE_URL": postgres.address(state), "STATE_DIR": str(state), "DEMO": "0"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "alliance.settings"
    django.setup()
    from .crowd import gather
    from .found import AIM_MS, lost, quantile, report
    from .writing import write_for

    writers = gather(asked.people)
    found = write_for(writers, port, asked.seconds)
    text = report(found, people=asked.people, seconds=asked.seconds)
    sys.stdout.write(text)
    asked.write.write_text(text, encoding="utf-8")
    slow = quantile(found.seconds, 0.95) > AIM_MS
    return int(bool(slow or lost(found.kept) or not found.kept))


main()
