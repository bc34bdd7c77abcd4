"""The house keeps its own rules: sizes, names, docstrings, and nothing in the tree that does not belong there."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src/activkode"
LONGEST_FILE_LINES = 400
LONGEST_FUNCTION_LINES = 60
# Path, and the decision page that says why it may be longer.
EXCEPTIONS: dict[str, str] = {}
# Names that say nothing: what such a module holds belongs to the package whose word it uses.
EMPTY_NAMES = {
    "service",
    "manager",
    "managers",
    "helper",
    "helpers",
    "util",
    "utils",
    "common",
    "misc",
}
# "Service" is a word of the trade: what a number is rented for.
EMPTY_ENDINGS = ("Manager", "Helper", "Util", "Utils")
DJANGOS = {"process_exception", "process_view"}  # names that Django's middleware asks for
MONEY_PACKAGES = ("ledger", "activations", "catalogue", "funding", "support", "withdrawals")
POSTING_PACKAGES = {"ledger", "activations", "funding", "support", "withdrawals"}


def tracked(*patterns: str) -> list[Path]:
    """Files of the project that match, generated migrations left out."""
    listed = _git("ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns).split("\0")
    return [ROOT / name for name in listed if name and "/migrations/" not in name and (ROOT / name).is_file()]


def name_of(path: Path) -> str:
    """The path as a reader writes it."""
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions of a module, inner ones and methods too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def domain_modules() -> list[Path]:
    """The modules of the program itself."""
    return [path for path in tracked("src/*.py") if path.read_text().strip()]


# --- sizes and names ---


def test_no_file_is_longer_than_400_lines() -> None:
    files = tracked("*.py", "*.sql", "*.html", "*.js")
    sizes = {name_of(path): len(path.read_text().splitlines()) for path in files}

    too_long = {name for name, lines in sizes.items() if lines > LONGEST_FILE_LINES}

    assert too_long == set(EXCEPTIONS), {name: sizes[name] for name in too_long}


def test_no_function_is_longer_than_60_lines() -> None:
    too_long = [
        f"{name_of(path)}:{function.lineno} {function.name}"
        for path in tracked("*.py")
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION_LINES
    ]

    assert too_long == []


def test_every_exception_has_its_decision_page() -> None:
    missing = [page for page in EXCEPTIONS.values() if not (ROOT / "docs/decisions" / page).is_file()]

    assert missing == []


@pytest.mark.parametrize(
    ("mark", "folders"), [("races", ("tests/races",)), ("faults", ("tests/faults", "tests/doors/signer"))]
)
def test_races_and_faults_stand_where_their_steps_look(mark: str, folders: tuple[str, ...]) -> None:
    marked = [name_of(path) for path in tracked("*.py") if f"pytest.mark.{mark}" in path.read_text()]

    assert [name for name in marked if not name.startswith(folders)] == []
    assert set(folders) <= set((ROOT / "scripts/check.py").read_text().split('"'))


def test_no_module_has_an_empty_name() -> None:
    named = {part for path in tracked("*.py") for part in path.relative_to(ROOT).with_suffix("").parts}

    assert named & EMPTY_NAMES == set()


def test_no_class_or_function_has_an_empty_name() -> None:
    empty = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in domain_modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.ClassDef) and node.name.endswith(EMPTY_ENDINGS))
        or (
            isinstance(node, ast.FunctionDef)
            and node.name.startswith("process_")
            and node.name not in DJANGOS
        )
    ]

    assert empty == []


# --- documentation ---


def test_every_module_says_what_it_is_for() -> None:
    silent = [name_of(path) for path in tracked("*.py") if path.read_text().strip() and not _doc(path)]

    assert silent == []


def test_every_public_function_has_a_docstring() -> None:
    silent = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in domain_modules()
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]

    assert silent == []


# --- what code must not do ---


def test_no_signal_and_no_save_of_its_own() -> None:
    """Money must not move because something else was saved."""
    found = [
        name_of(path)
        for path in domain_modules()
        if re.search(
            r"django\.(db\.models|dispatch|core)\.?signals?|import receiver|def save\(", path.read_text()
        )
    ]

    assert found == []


def test_no_float_near_money() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in domain_modules()
        if path.relative_to(SOURCE).parts[0] in MONEY_PACKAGES or path.name == "money.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
    ]

    assert found == []


def test_money_is_posted_by_sql_of_the_packages_that_may() -> None:
    posting = {
        path.relative_to(SOURCE).parts[0]
        for path in tracked("src/*.py", "src/*.sql")
        if re.search(r"\bfn\.post\s*\(", path.read_text())
    }

    assert posting <= POSTING_PACKAGES
    assert not [path for path in domain_modules() if "fn.post(" in path.read_text()]


def test_nothing_is_left_for_later() -> None:
    marks = re.compile("|".join(rf"\b{mark[::-1]}\b" for mark in ("ODOT", "EMXIF", "rorrEdetnemelpmItoN")))
    found = [
        name_of(path) for path in tracked("*.py", "*.sql", "*.html", "*.js", "*.md") if _has(marks, path)
    ]

    assert found == []


# --- what the tree must not hold ---

# Written backwards, so that this file does not hold them.
REGISTRIES = ("gro.ipyp", "gro.detsohnohtyp", "gro.sjmpn", "gro.naibed.bed", "gro.naibed.ytiruces")
PLACES = ("/krow/", "./toor/", "feirb/pmt/", "/emoh/")
MAKERS = ("tnatsissa", "ciporhtna", "edualc", "tpgtahc", "tolipoc", "ledom egaugnal", "mll")
# Messages of the world outside, where such words are a sender's name.
CORPUS = "tests/intake/corpus/"


@pytest.mark.parametrize("backwards", REGISTRIES)
def test_no_package_registry_is_named(backwards: str) -> None:
    assert _files_with(re.escape(backwards[::-1])) == []


@pytest.mark.parametrize("backwards", PLACES)
def test_no_path_of_one_machine_is_named(backwards: str) -> None:
    assert _files_with(rf"(?<![\w.]){re.escape(backwards[::-1])}\w") == []


@pytest.mark.parametrize("backwards", MAKERS)
def test_the_project_speaks_of_itself_alone(backwards: str) -> None:
    pattern = rf"\b{backwards[::-1]}\b"
    messages = _git("log", "--format=%B")

    assert _files_with(pattern) == []
    assert not re.search(pattern, messages, re.IGNORECASE)


def _files_with(pattern: str) -> list[str]:
    wanted = re.compile(pattern, re.IGNORECASE)
    paths = [path for path in tracked() if path.suffix != ".png" and not name_of(path).startswith(CORPUS)]
    return [name_of(path) for path in paths if _has(wanted, path)]


def _has(pattern: re.Pattern[str], path: Path) -> bool:
    return pattern.search(path.read_text(errors="replace")) is not None


def _doc(path: Path) -> str | None:
    return ast.get_docstring(ast.parse(path.read_text()))


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout
