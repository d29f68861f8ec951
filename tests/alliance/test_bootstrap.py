"""Someone runs a command on a machine that has only Python."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import bootstrap

LOCKS = (bootstrap.RUNTIME, bootstrap.DEVELOPMENT)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with locks of its own and an environment that looks installed."""
    for lock in LOCKS:
        (tmp_path / lock).write_text(f"{lock}\n")
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    places = {"ROOT": tmp_path, "VENV": venv, "STAMP": venv / "installed.json"}
    places["PYTHON"] = venv / "bin" / "python"
    for name, path in places.items():
        monkeypatch.setattr(bootstrap, name, str(path))
    return tmp_path


def install(clone: Path, lock: str) -> None:
    Path(bootstrap.STAMP).write_text(json.dumps(bootstrap.fingerprint(lock)))


def is_installed(lock: str) -> bool:
    return bootstrap.is_current(bootstrap.read_stamp(), bootstrap.fingerprint(lock))


def test_nothing_is_installed_twice(clone: Path) -> None:
    install(clone, bootstrap.RUNTIME)
    assert is_installed(bootstrap.RUNTIME)
    assert not is_installed(bootstrap.DEVELOPMENT)


def test_what_tests_need_is_enough_to_run(clone: Path) -> None:
    install(clone, bootstrap.DEVELOPMENT)
    assert is_installed(bootstrap.RUNTIME)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_changed_lock_is_installed(clone: Path, lock: str) -> None:
    install(clone, lock)
    (clone / lock).write_text("another\n")
    assert not is_installed(lock)


def test_a_moved_clone_is_installed_again(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(clone, bootstrap.RUNTIME)
    monkeypatch.setattr(bootstrap, "VENV", str(clone / "elsewhere"))
    assert not is_installed(bootstrap.RUNTIME)


@pytest.mark.parametrize("broken", ["", "[]", "{", '{"place": 1}'])
def test_a_half_written_stamp_counts_for_nothing(clone: Path, broken: str) -> None:
    install(clone, bootstrap.RUNTIME)
    Path(bootstrap.STAMP).write_text(broken)
    assert not is_installed(bootstrap.RUNTIME)


def test_an_environment_without_its_python_counts_for_nothing(clone: Path) -> None:
    install(clone, bootstrap.RUNTIME)
    os.remove(bootstrap.PYTHON)
    assert not is_installed(bootstrap.RUNTIME)


def test_an_old_python_gets_a_clear_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST", (3, 99))
    with pytest.raises(SystemExit, match=r"This needs Python 3\.99 or newer"):
        bootstrap.be_new_enough()


def test_an_unknown_command_gets_the_list_of_known_ones() -> None:
    asked = [sys.executable, bootstrap.__file__, "dance"]
    told = subprocess.run(asked, capture_output=True, text=True, timeout=30)
    assert told.returncode != 0
    assert "run | test | check | lock" in told.stderr


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_hold_hashes_and_no_address(lock: str) -> None:
    lines = (Path(bootstrap.__file__).parent / lock).read_text().splitlines()
    pinned = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert pinned
    assert all("==" in line and line.endswith("\\") for line in pinned)
    assert not any("://" in line or line.startswith("-") for line in lines)
