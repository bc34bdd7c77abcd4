"""A real browser before a whole machine: `activkode up` with the demo carrier, one for each worker of a run.

Screenshots are kept under var/artifacts and named at the end of the run.
"""

import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

import throwaway
from activkode.doors.up import ports
from faults.machine import Machine
from tools import chromium

HERE = Path(__file__).parent
ARTIFACTS = HERE.parent.parent / "var/artifacts"
PORTS = (
    "ACTIVKODE_PEOPLE_PORT",
    "ACTIVKODE_MACHINES_PORT",
    "ACTIVKODE_SMTP_PORT",
    *(
        f"ACTIVKODE_DEMO_{fake}_PORT"
        for fake in ("SMSC", "BITCOIN", "ETHEREUM", "TRON", "RATES", "WALLET", "SIGNER")
    ),
)
# What a browser says of a page that is meant to be missing, of a form that comes back with its mistakes, and of a
# connection that a test takes away.
EXPECTED = ("status of 404", "status of 422", "ERR_INTERNET_DISCONNECTED")
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks all tests of this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.needs("chromium"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says where the screenshots are."""
    kept = sorted(ARTIFACTS.glob("*.png"))
    if kept:
        terminalreporter.section("screenshots")
        terminalreporter.write_line(f"{len(kept)} in {ARTIFACTS}")


@pytest.fixture(scope="session")
def machine() -> Iterator[Machine]:
    """Everything runs; at the end the books are audited in full."""
    place = Path(tempfile.mkdtemp(prefix="activkode-browser-", dir=throwaway.place()))
    running = Machine(place)
    try:
        # Ports of its own: other machines of this run look for theirs at the same time.
        running.start(**{name: str(ports.free()) for name in PORTS})
        yield running
        code, told = running.run("audit")
        assert code == 0, told
    finally:
        running.close()
        shutil.rmtree(place)


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Chromium, a new one for each test: its event loop must not outlive the test."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium())
        yield running
        running.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(machine: Machine, browser: Browser) -> Iterator[Visit]:
    """Opens a window, signed in as one of the demo's people (or nobody). What the content policy stops, and any other
    fault in the console of the browser, fails the test."""
    faults: list[str] = []
    windows: list[BrowserContext] = []

    def open_window(who: dict[str, str] | None = None, **options: Any) -> Page:
        settings: dict[str, Any] = {"viewport": WIDE, "base_url": machine.demo()["people_url"]} | options
        window = browser.new_context(**settings)
        windows.append(window)
        page = window.new_page()
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        if who:
            sign_in(page, who)
        return page

    yield open_window
    for window in windows:
        window.close()
    assert not [fault for fault in faults if not any(words in fault for words in EXPECTED)], faults


def sign_in(page: Page, who: dict[str, str]) -> None:
    """As a person does it."""
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(who["email"])
    page.get_by_label("Password").fill(who["password"])
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/overview/")


@pytest.fixture
def customer(machine: Machine) -> dict[str, str]:
    """The demo's customer, who has money."""
    found: dict[str, str] = machine.demo()["customer"]
    return found


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keeps a picture of a page."""

    def keep(page: Page, name: str) -> None:
        ARTIFACTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=ARTIFACTS / f"{name}.png", full_page=True)

    return keep


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Shows the end of the machine's log beside a failure."""
    report = yield
    running = getattr(item, "funcargs", {}).get("machine")
    if report.failed and running is not None and HERE in item.path.parents and running.log.exists():
        lines = running.log.read_text(errors="replace").splitlines()
        report.sections.append(("the machine's log", "\n".join(lines[-60:])))
    return report
