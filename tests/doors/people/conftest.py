"""Who visits the pages, and what a visitor does there."""

import time
from collections.abc import Callable

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.test import Client

import cast
from activkode.activations import operations
from activkode.activations.operations import Rent
from activkode.activations.read import Activation
from activkode.core.errors import Code, Refusal
from activkode.funding import keychains, read
from activkode.funding.policy import BY_ASSET, Asset, Chain
from activkode.funding.watch import Watcher
from activkode.identity.models import Role, User
from activkode.intake import deliver
from activkode.intake.messages import Inbound, Kind
from activkode.withdrawals import payers
from funding.scripted import FakeChain
from withdrawals import scripted


@pytest.fixture
def alice(db: None) -> User:
    """A customer with ten dollars, before a full shelf."""
    cast.shelf()
    user = newcomer("alice")
    cast.fund(user, "10.00")
    return user


@pytest.fixture
def at(alice: User) -> Client:
    """Alice's browser, signed in."""
    return visitor(alice)


@pytest.fixture
def olga(db: None) -> User:
    """An operator."""
    return newcomer("olga", Role.OPERATOR)


@pytest.fixture
def console(olga: User) -> Client:
    """Olga's browser, signed in."""
    return visitor(olga)


@pytest.fixture
def rented(alice: User) -> Activation:
    """A number that Alice waits with."""
    return operations.open(alice.id, Rent("shop", "GB")).activation


@pytest.fixture
def send() -> Callable[[Activation, str], str]:
    """Lets a message arrive for an activation, as a carrier would; gives its fate."""

    def arrive(one: Activation, text: str) -> str:
        inbound = Inbound("carl", text, Kind.SMS, one.address, "Shop", text.encode(), text)
        return deliver.settle(deliver.receive(inbound))

    return arrive


@pytest.fixture
def bob(db: None) -> User:
    """A customer without money."""
    return newcomer("bob")


@pytest.fixture
def at_bobs(bob: User) -> Client:
    """Bob's browser."""
    return visitor(bob)


@pytest.fixture
def wendy(db: None) -> User:
    """A customer who withdraws: $300 in cash and $5 of promotional credit."""
    user = newcomer("wendy")
    cast.fund(user, "300.00")
    cast.fund(user, "5.00", promo=True)
    scripted.rates()
    return user


@pytest.fixture
def at_wendys(wendy: User) -> Client:
    """Her browser; she has just proven who she is."""
    client = visitor(wendy)
    prove(client, wendy)
    return client


@pytest.fixture
def payer(monkeypatch: pytest.MonkeyPatch) -> scripted.FakePayer:
    """The fake payer, wherever the pages ask for one."""
    fake = scripted.FakePayer()
    monkeypatch.setattr(payers, "payer", lambda asset: fake)
    monkeypatch.setattr(payers, "assets", lambda: [fake.asset])
    return fake


class FakeKeychain:
    """Derives addresses that are no real ones, called fake."""

    fingerprint = "test"

    def __init__(self, asset: Asset) -> None:
        self.asset, self.name = asset, asset.lower()

    def derive(self, index: int) -> keychains.Derived:
        return keychains.Derived(f"fake-{self.name}-{index}", f"{self.name}/{index}")

    def uri(self, address: str) -> str:
        return f"fake:{address}"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> set[Asset]:
    """The assets that can be paid in: all, on chains that are watched, until a test takes one away."""
    assets = set(Asset)

    def of(asset: Asset, name: str | None = None) -> FakeKeychain:
        if asset not in assets:
            raise Refusal(Code.DEPOSITS_UNAVAILABLE)
        _watched(BY_ASSET[asset].chain)
        return FakeKeychain(asset)

    monkeypatch.setattr(keychains, "of", of)
    return assets


def _watched(chain: Chain) -> None:
    """An address is given only on a chain whose first block was read."""
    if not any(one.name == chain for one in read.chains()):
        Watcher(FakeChain(chain)).round()


def newcomer(name: str, role: Role = Role.CUSTOMER) -> User:
    """Somebody without a password: these tests sign them in, and hashing one costs more than most tests."""
    return User.objects.create_user(f"{name}@people.example", None, role=role)


def visitor(user: User) -> Client:
    """A browser in which somebody is signed in; it checks the tokens of forms as a real one would have to."""
    client = Client()
    client.force_login(user)
    return client


def prove(client: Client, user: User, *methods: str, ago: float = 0) -> None:
    """As if the person had just given the password again, or what else `methods` names ("mfa")."""
    session = client.session
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.id)
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": method, "at": time.time() - ago, "reauthenticated": True}
        for method in methods or ("password",)
    ]
    session.save()
