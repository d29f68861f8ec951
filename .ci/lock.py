"""`make lock`: writes all locks anew from what is declared. Needs uv: python3 -m pip install uv."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = ["pyproject.toml"]
COMMON = [
    *("pip", "compile", "--universal", "--python-version", "3.11", "--upgrade"),
    *("--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url"),
    *("--no-emit-find-links", "--no-config", "--quiet"),
]


def main() -> None:
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("make lock needs uv: python3 -m pip install uv")
    for arguments in (
        [*OURS, "-o", "requirements.lock"],
        [*OURS, "--group", "dev", "-c", "requirements.lock", "-o", "requirements-dev.lock"],
        ["tests/bench/requirements.in", "-o", "tests/bench/requirements.lock"],
    ):
        subprocess.run([uv, *COMMON, *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
