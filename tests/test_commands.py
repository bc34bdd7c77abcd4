"""The commands of a checkout: what they say when something is missing, and that a failure is never swallowed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What a fresh clone has for its commands, without an environment."""
    for name in ("Makefile", "pyproject.toml", ".ci", "scripts", "requirements"):
        source = ROOT / name
        copied = shutil.copytree if source.is_dir() else shutil.copy
        copied(source, tmp_path / name)
    return tmp_path


def program(path: Path, text: str) -> Path:
    """A program of a few lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def run(clone: Path, *words: str, **settings: str) -> tuple[int, str]:
    """Exit code and output."""
    done = subprocess.run(
        words,
        cwd=clone,
        env={"PATH": os.environ["PATH"]} | settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_make_alone_lists_every_command() -> None:
    code, said = run(ROOT, "make")

    assert code == 0
    listed = {line.split()[1] for line in said.splitlines() if line.startswith("  make")}
    assert listed == {"help", "up", "test", "check", "bench", "races", "faults", "docs", "lock"}


def test_an_old_python_is_refused_with_what_to_do(clone: Path) -> None:
    old = program(clone / "old-python", '[ "$1" = --version ] && echo Python 3.9.2\nexit 1')

    code, said = run(clone, "make", "up", f"PYTHON={old}")

    assert code != 0
    assert "needs Python 3.11 or newer; found: Python 3.9.2" in said
    assert "apt-get install" in said


def test_a_python_without_venv_is_refused_with_what_to_do(clone: Path) -> None:
    bare = program(clone / "bare-python", 'case "$2" in *ensurepip*) exit 1 ;; esac\nexit 0')

    code, said = run(clone, "make", "test", f"PYTHON={bare}")

    assert code != 0
    assert "apt-get install python3-venv" in said


@pytest.mark.parametrize(("checks", "tests", "expected"), [(0, 0, 0), (1, 0, 1), (0, 1, 1), (2, 2, 1)])
def test_ci_fails_where_either_half_fails(clone: Path, checks: int, tests: int, expected: int) -> None:
    program(
        clone / "bin/make",
        f'case "$*" in *check*) exit {checks} ;; esac\necho "1 passed in 0.1s"\nexit {tests}',
    )

    code, said = run(clone, str(clone / ".ci/run"), PATH=f"{clone / 'bin'}:{os.environ['PATH']}")

    assert code == expected
    assert said.splitlines()[-1] == "1 passed in 0.1s"


def test_a_failed_step_fails_the_check_and_the_others_still_run(clone: Path) -> None:
    program(clone / ".venv/bin/ruff", '[ "$1" = format ]')
    python = shutil.which("python3") or ""

    code, said = run(clone, python, "scripts/check.py", "lint", "format")

    assert code == 1
    assert "FAILED  lint" in said
    assert "ok      format" in said


def test_an_unknown_step_is_refused(clone: Path) -> None:
    code, said = run(clone, shutil.which("python3") or "", "scripts/check.py", "lnit")

    assert code == 1
    assert "no such step: lnit" in said


def test_no_registry_and_no_package_without_hash_in_the_locks() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        text = lock.read_text()

        assert "://" not in text
        packages = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert packages
        assert all(line.endswith("\\") for line in packages)
