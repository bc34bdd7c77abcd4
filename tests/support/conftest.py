"""Who asks and who decides in these tests, and an activation whose code came."""

import itertools
from collections.abc import Callable

import pytest

import cast
from activkode.activations import operations as activations
from activkode.activations.operations import Rent
from activkode.activations.read import Activation
from activkode.identity.models import Role, User
from activkode.intake import deliver
from activkode.intake.messages import Inbound, Kind
from activkode.support.operations import Staff

_serial = itertools.count()


@pytest.fixture
def alice(db: None) -> User:
    """Has $20 in cash and a shelf to rent from."""
    cast.shelf()
    user = cast.person("alice")
    cast.fund(user, "20.00")
    return user


@pytest.fixture
def olga(db: None) -> Staff:
    """Decides."""
    return Staff(cast.person("olga", Role.OPERATOR).id, "olga")


@pytest.fixture
def fulfilled(alice: User) -> Callable[[], Activation]:
    """Makes an activation of Alice's whose code came: $2.00 are captured."""

    def make() -> Activation:
        one = activations.open(alice.id, Rent("shop", "GB")).activation
        text = "Your Shop code is 481920"
        inbound = Inbound("carl", f"case-{next(_serial)}", Kind.SMS, one.address, "Shop", b"", text)
        assert deliver.settle(deliver.receive(inbound)) == "delivered"
        return one

    return make
