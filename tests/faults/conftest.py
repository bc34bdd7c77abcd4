"""What the tests with killed processes share: each is marked `faults`, and what they measured is shown at the end."""

import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

import throwaway
from faults.machine import Machine

HERE = Path(__file__).parent
_TOLD = "faults"
_LOG_LINES = 400


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks all tests of this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.faults)


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Keeps a line for the end of the run, whether the test passes or fails."""
    return lambda line: record_property(_TOLD, line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints what was told."""
    reports = [report for each in ("passed", "failed") for report in terminalreporter.stats.get(each, [])]
    lines = [line for report in reports for name, line in report.user_properties if name == _TOLD]
    if lines:
        terminalreporter.section("faults")
    for line in lines:
        terminalreporter.write_line(line)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Shows the end of the machine's log beside a failure."""
    report = yield
    running = getattr(item, "funcargs", {}).get("machine")
    if report.failed and running is not None and running.log.exists():
        lines = running.log.read_text(errors="replace").splitlines()
        report.sections.append(("the machine's log", "\n".join(lines[-_LOG_LINES:])))
    return report


@pytest.fixture
def machine() -> Iterator[Machine]:
    """`activkode up` with the demo, in a directory of its own, ready."""
    place = Path(tempfile.mkdtemp(prefix="activkode-faults-", dir=throwaway.place()))
    running = Machine(place)
    try:
        yield running
    finally:
        running.close()
        shutil.rmtree(place)
