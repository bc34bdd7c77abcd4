"""Writes the documents that are made from the code; with --check, fails where one in the tree is not fresh."""

import difflib
import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
# Path in the tree, and the function that returns its text.
DOCUMENTS: dict[str, str] = {
    "docs/policy.md": "activkode.schema.document:page",
    "docs/ledger.md": "activkode.ledger.document:page",
    "docs/openapi.json": "activkode.doors.machines.rest.openapi:text",
}


def main(words: list[str]) -> int:
    """Writes or checks; the exit code."""
    _prepare()
    if "--check" not in words:
        for path, text in _fresh():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return 0
    differences = [line for path, text in _fresh() for line in _difference(path, text)]
    print(
        "".join(differences[:60]) + "run `make docs`"
        if differences
        else f"{len(DOCUMENTS)} documents are fresh"
    )
    return int(bool(differences))


def _prepare() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "activkode.config.settings")
    os.environ.setdefault("ACTIVKODE_PEOPLE", "0")
    os.environ.setdefault("SECRET_KEY", "documents keep no secret")
    django.setup()


def _fresh() -> Iterator[tuple[Path, str]]:
    for name, target in DOCUMENTS.items():
        module, function = target.split(":")
        yield ROOT / name, getattr(importlib.import_module(module), function)()


def _difference(path: Path, text: str) -> Iterator[str]:
    there = path.read_text() if path.exists() else ""
    return difflib.unified_diff(there.splitlines(True), text.splitlines(True), str(path), "fresh")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
