"""What goes out and comes in over REST about top-ups, as types (see shapes.py)."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from activkode.doors.machines.shapes import DEPOSIT_ID, Coins, Count, DepositId, Dollars, Time
from activkode.funding.policy import Asset, Reason, State

_Rate = Annotated[
    str, Meta(pattern=r"^[0-9]+(\.[0-9]+)?$", description="Dollars for one coin.", examples=["64250.5"])
]
_Units = Annotated[
    str,
    Meta(pattern=r"^[0-9]+$", description="In the smallest unit of the coin or token, as the chain has it."),
]


class TopupsQuery(Struct, forbid_unknown_fields=True, frozen=True):
    """Which top-ups, newest first."""

    state: State | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: (
        Annotated[str, Meta(pattern=DEPOSIT_ID, description="`next_cursor` of the part before.")] | UnsetType
    ) = UNSET


class AddressWanted(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What is to be paid in; `keychain` chooses among several kinds of address of an asset."""

    asset: Asset
    keychain: Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,40}$", examples=["btc_p2wpkh"])] | None = None


class Depth(Struct, frozen=True):
    """When a payment counts: in so many blocks, its own included; with `final` also final by the chain's own word."""

    blocks: Count
    final: bool


class Confirmations(Struct, frozen=True):
    """When a payment counts, and when one of more than so many dollars does."""

    blocks: Count
    final: bool
    above: Dollars
    then: Depth


class DepositAddress(Struct, frozen=True):
    """Where to pay: this customer's own address, for ever. Payments below `least` add up until they reach it."""

    asset: Asset
    network: str
    address: str
    uri: Annotated[str, Meta(description="What a wallet's camera reads.")]
    keychain: str
    least: Dollars
    confirmations: Confirmations
    created_at: Time
    warnings: list[str]


class Rate(Struct, frozen=True):
    """The rate by which a top-up was credited, its time, and what each source said."""

    rate: _Rate
    at: Time | None
    sources: list[dict[str, Any]]


class Block(Struct, frozen=True):
    """The block that holds a payment."""

    height: Count
    hash: str


class Topup(Struct, frozen=True):
    """A payment to one of the customer's addresses. `amount` is null where it is none of our assets: then `token` and
    `units` say what the chain has. `confirmations_wanted` 0 is the chain's own word of finality. `expected` is what it
    would be worth now, while it is not credited."""

    id: DepositId
    asset: Asset | None
    network: str
    address: str
    tx: str
    position: int
    amount: Coins | None
    units: _Units
    token: str | None
    state: State
    reason: Reason | None
    confirmations: Count
    confirmations_wanted: Count
    expected: Dollars | None
    credited: Dollars | None
    credited_at: Time | None
    reversed: Dollars | None
    reversed_at: Time | None
    rate: Rate | None
    seen_at: Time
    mined_at: Time | None
    block: Block | None
    replaced_by: str | None
    policy_version: int
