"""However a lease ends, its number rests and comes back; an e-mail address never does."""

from collections.abc import Callable

import pytest

import cast
from activkode.activations import operations
from activkode.activations.operations import Rent
from activkode.activations.policy import Event
from activkode.core import sql
from activkode.identity.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return cast.shopper()


def _goes_forward(interval: str) -> None:
    sql.execute("select set_config('activkode_test.shift', %s, true)", (interval,))


def _cancelled(user: User, country: str | None) -> None:
    rented = operations.open(user.id, Rent("shop", country))
    operations.apply(user.id, rented.activation.id, Event.CANCEL)


def _expired(user: User, country: str | None) -> None:
    operations.open(user.id, Rent("shop", country))
    _goes_forward("1201 seconds")
    assert operations.expire_due(100)[0] == 1


@pytest.mark.parametrize("ends", [_cancelled, _expired])
def test_a_number_rests_and_is_given_back_once(ends: Callable[[User, str | None], None], alice: User) -> None:
    ends(alice, "GB")
    free = sql.value("select count(*) from supply_free")
    assert sql.rows("select until, activation_id from supply_rest") == sql.rows(
        "select blocked_until, activation_id from supply_lease where blocking"
    )
    assert sql.value("select fn.quarantine_end(100)") == 0

    _goes_forward("25 hours")
    assert [sql.value("select fn.quarantine_end(100)") for _ in range(2)] == [1, 0]
    assert sql.value("select count(*) from supply_free") == free + 1
    assert sql.one("select count(*) filter (where blocking), count(*) from supply_lease") == (0, 1)


@pytest.mark.parametrize("ends", [_cancelled, _expired])
def test_an_address_for_mail_is_never_given_again(
    ends: Callable[[User, str | None], None], alice: User
) -> None:
    ends(alice, None)
    assert sql.one("select kind, blocking, blocked_until = 'infinity' from supply_lease") == (
        "email",
        True,
        True,
    )
    assert sql.value("select count(*) from supply_rest") == 0
