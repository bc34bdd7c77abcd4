"""Who may import whom (DESIGN section 2): the tree keeps every contract, and each contract can break."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = "Arrows point down only"
DOORS = "Doors do not import each other"
POSTING = "Money is posted by operations alone"
POLICY = "A policy is data"
SIGNER = "The signer stands alone"
POST = "ledger/post.py"

# Where a line is planted, the line, and the contract that must break.
PLANTED = [
    ("core/errors.py", "import activkode.ledger.read", LAYERS),
    ("ledger/read.py", "import activkode.identity.models", LAYERS),
    ("supply/numbers.py", "import activkode.intake.messages", LAYERS),
    ("identity/models.py", "import activkode.activations.read", LAYERS),
    ("intake/messages.py", "import activkode.doors.clock.loops", LAYERS),
    ("activations/read.py", "import activkode.intake.messages", LAYERS),
    ("support/read.py", "import activkode.mailbox.read", LAYERS),
    ("activations/read.py", "import activkode.schema.migrate", LAYERS),
    ("doors/up/ports.py", "import activkode.cli", LAYERS),
    ("newcomer/__init__.py", "import activkode.core.errors", LAYERS),
    ("doors/people/apps.py", "import activkode.doors.clock.loops", DOORS),
    ("doors/demo/seed.py", "import activkode.doors.up.cluster", DOORS),
    ("doors/up/supervise.py", "import activkode.doors.demo.seed", DOORS),
    ("doors/carriers/run.py", "import activkode.doors.demo.carrier", DOORS),
    ("doors/demo/carrier.py", "import activkode.doors.carriers.run", DOORS),
    ("doors/webhooks/send.py", "import activkode.doors.machines.rest.app", DOORS),
    ("doors/machines/door.py", "import activkode.doors.webhooks.send", DOORS),
    ("doors/signer/desk.py", "import activkode.core.sql", SIGNER),
    ("withdrawals/chains/curve.py", "import django.conf", SIGNER),
    ("doors/people/apps.py", "import activkode.ledger.post", POSTING),
    ("activations/read.py", "import activkode.ledger.post", POSTING),
    ("activations/policy.py", "import json", POLICY),
    ("activations/policy.py", "import activkode.core.money", POLICY),
]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the tree."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / "tests/contracts.py", tmp_path / "tests/contracts.py")
    shutil.copy(ROOT / ".importlinter", tmp_path / ".importlinter")
    return tmp_path


def test_the_tree_keeps_every_contract(tree: Path) -> None:
    code, said = _lint(tree)

    assert code == 0, said


@pytest.mark.parametrize(("place", "line", "contract"), PLANTED, ids=lambda value: str(value)[:40])
def test_a_planted_violation_breaks_its_contract(tree: Path, place: str, line: str, contract: str) -> None:
    _plant(tree, POST, "")
    _plant(tree, place, line)

    code, said = _lint(tree)

    assert code != 0
    assert f"{contract} BROKEN" in said, said


def test_operations_may_post(tree: Path) -> None:
    _plant(tree, POST, "")
    _plant(tree, "activations/operations.py", "import activkode.ledger.post")

    code, said = _lint(tree)

    assert code == 0, said


def _plant(tree: Path, place: str, line: str) -> None:
    path = tree / "src/activkode" / place
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.write(f"\n{line}\n")


def _lint(tree: Path) -> tuple[int, str]:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": f"{tree / 'src'}{os.pathsep}{tree}"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
