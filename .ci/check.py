"""`make check`: everything quick that can be known without running the tests.

Runs all of it, shows what failed, and ends with 1 then.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent

STEPS = {
    "format": [PROGRAMS / "ruff", "format", "--check", "--quiet", "."],
    "lint": [PROGRAMS / "ruff", "check", "--quiet", "."],
    "limits": [sys.executable, ".ci/limits.py"],
    "imports": [PROGRAMS / "lint-imports"],
    "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    "workflow page": [sys.executable, "manage.py", "draw_workflow", "--check"],
    "languages": [sys.executable, ".ci/messages.py", "--check"],
    "types": [PROGRAMS / "mypy"],
}


def main() -> int:
    os.chdir(ROOT)
    env = os.environ | {
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore::RuntimeWarning",  # makemigrations finds no database, needs none
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    failed = []
    for name, command in STEPS.items():
        began = time.monotonic()
        done = subprocess.run(command, env=env, capture_output=True, text=True)
        took = time.monotonic() - began
        print(f"{'FAIL' if done.returncode else 'ok':5}{name} ({took:.1f} s)", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout + done.stderr, flush=True)
    print(f"check: {len(STEPS) - len(failed)} passed, {len(failed)} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
