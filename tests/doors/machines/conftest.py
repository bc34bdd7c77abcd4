"""One process of the door for each worker, on a database of its own that lives as long; each test brings its own
customers, and the audit follows it.
"""

from collections.abc import Iterator

import pytest

import books
import cast
import throwaway
from activkode.core import sql
from activkode.ledger import audit
from doors.machines import outside
from doors.machines.outside import Customer, Door


@pytest.fixture(scope="session")
def machines_database(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, worker: str
) -> Iterator[str]:
    """The name of a database with the cast's shelf and plenty of numbers."""
    with django_db_blocker.unblock():
        throwaway.copy(f"machines_{worker}")
        cast.shelf(list(outside.numbers(3000)))
        outside.bare_service()
        throwaway.point_django_at(f"activkode_test_{worker}")
    yield f"activkode_test_machines_{worker}"
    with django_db_blocker.unblock():
        throwaway.point_django_at(f"activkode_test_machines_{worker}")
        sql.execute("update core_outbox set delivered_at = fn.now() where delivered_at is null")
        findings = audit.run()
        throwaway.drop(f"machines_{worker}")
        throwaway.point_django_at(f"activkode_test_{worker}")
    assert not findings, findings


@pytest.fixture
def their_database(
    machines_database: str, django_db_blocker: pytest.FixtureRequest, worker: str
) -> Iterator[str]:
    """This test works on the door's database, with real commits; every invariant holds after it."""
    with django_db_blocker.unblock():
        throwaway.point_django_at(machines_database)
        yield machines_database
        # No clock delivers mail beside this door, and five minutes later the audit would say so.
        sql.execute("update core_outbox set delivered_at = fn.now() where delivered_at is null")
        findings = books.findings()
        throwaway.point_django_at(f"activkode_test_{worker}")
    assert not findings, findings


@pytest.fixture(scope="session")
def running_door(
    machines_database: str,
    django_db_blocker: pytest.FixtureRequest,
    worker: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Door, Customer]]:
    """The process, and a customer who is there from its beginning to its end."""
    with django_db_blocker.unblock():
        throwaway.point_django_at(machines_database)
        started = outside.start(tmp_path_factory.mktemp("machines") / "log")
        anybody = started.newcomer("100.00")
        throwaway.point_django_at(f"activkode_test_{worker}")
    yield started, anybody
    anybody.http.close()
    started.stop()


@pytest.fixture
def door(their_database: str, running_door: tuple[Door, Customer]) -> Iterator[Door]:
    """The process; the test's customers leave with it."""
    yield running_door[0]
    running_door[0].say_goodbye()


@pytest.fixture
def anybody(running_door: tuple[Door, Customer]) -> Customer:
    """Has 100.00, for requests that change nothing; the audit follows at the very end."""
    return running_door[1]


@pytest.fixture
def alice(door: Door) -> Customer:
    """Has 100.00."""
    return door.customer("100.00")


@pytest.fixture
def bob(door: Door) -> Customer:
    """Has nothing."""
    return door.customer()


@pytest.fixture
def mallory(door: Door) -> Customer:
    """Has money of her own, and wants what is not hers."""
    return door.customer("100.00")
