"""What every test stands on: a database of its own, the audit after it, no network, and loud skips."""

import os
import signal
from collections.abc import Iterator

import psycopg
import pytest
from django.test import TransactionTestCase

import network
import throwaway
from activkode.doors.up.cluster import Cluster
from tools import TOOLS

_cluster = pytest.StashKey[Cluster]()
_NEEDS = "needs "


# --- the run ---


def pytest_configure(config: pytest.Config) -> None:
    """Starts the server in the run's first process; workers find it in their environment."""
    network.off()
    _hear_ctrl_c()
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    if url := os.environ.get("ACTIVKODE_TEST_DATABASE_URL"):
        throwaway.prepare_server(url, url)
        return
    config.stash[_cluster] = cluster = throwaway.start()
    throwaway.prepare_server(cluster.superuser_url(), cluster.url())


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Twice as many as there are cores: half of the tests wait for a browser, a clock or a socket."""
    return 2 * (os.cpu_count() or 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first, so that nobody waits for it at the end: a worker whose own tests are done takes from
    the end of another's."""
    items.sort(key=lambda item: item.path.parent.name != "browser")


def _hear_ctrl_c() -> None:
    """A run that was begun in the background ignores SIGINT, and so would every program that it starts and interrupts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Removes the server."""
    if _cluster in config.stash:
        throwaway.remove(config.stash[_cluster])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips a test whose program is missing; `pytest.mark.needs("swaks")` names it."""
    for mark in item.iter_markers("needs"):
        for name in mark.args:
            if not TOOLS[name].found():
                pytest.skip(f"{_NEEDS}{name}; run: {TOOLS[name].command}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says loudly which groups of tests did not run, and the command that makes them run."""
    missing: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        if _NEEDS in reason:
            text = reason.split(_NEEDS, 1)[1]
            missing[text] = missing.get(text, 0) + 1
    if missing:
        terminalreporter.section("SKIPPED GROUPS", red=True, bold=True)
    for text, count in missing.items():
        terminalreporter.write_line(f"{count} tests need {text}")


# --- the database ---


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """The name of this worker: gw0, gw1, ..., or main."""
    return getattr(request.config, "workerinput", {}).get("workerid", "main")


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Cluster:
    """The run's own server, for a test that kills it: only where no other process of the run uses it."""
    if _cluster not in request.config.stash:
        pytest.skip("the database server is not this process's own")
    return request.config.stash[_cluster]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest, worker: str) -> Iterator[None]:
    """A copy of the migrated template for this worker, made anew after each test with real commits."""
    with django_db_blocker.unblock():
        throwaway.migrate_template()
        throwaway.copy(worker)
    # The books are append-only: emptying their tables is refused, as it should be.
    TransactionTestCase._fixture_teardown = lambda _: throwaway.copy(worker)  # type: ignore[method-assign]
    yield
    with django_db_blocker.unblock():
        throwaway.drop(worker)


@pytest.fixture(autouse=True)
def audited(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every invariant holds after every test that touches the database (`plants_violation` exempts one that
    breaks an invariant on purpose)."""
    if not request.node.get_closest_marker("django_db"):
        yield
        return
    request.getfixturevalue("db")  # set up before, so that it is torn down after the audit
    yield
    if request.node.get_closest_marker("plants_violation"):
        return
    import books

    findings = books.findings()
    assert not findings, findings


@pytest.fixture
def superuser(db: None) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A second connection that no guard stops; it sees only what is committed."""
    with psycopg.connect(throwaway.superuser_url(), autocommit=True) as connection:
        yield connection
