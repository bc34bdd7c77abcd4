"""Top-ups as customers and operators see them: plain values; must never write."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from activkode.core import sql
from activkode.core.errors import Code, Refusal
from activkode.funding.policy import BY_ASSET, BY_CHAIN, FIGURES, Asset, Chain, FeeCoin, Figure, Priced

_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Topup:
    """A deposit. `amount` is in the coin's smallest unit; `confirmations` are blocks so far, `wanted` the blocks it waits
    for (0: the chain's own finality). `expected_micros` is what it would be worth now, where it is not credited yet."""

    id: int
    customer: int
    chain: Chain
    tx: str
    position: int
    address: str
    asset: Asset | None
    token: str
    amount: int
    state: str
    reason: str | None
    note: str
    seen_at: datetime
    mined_at: datetime | None
    height: int | None
    block: str | None
    confirmations: int
    wanted: int
    rate: Decimal | None
    rate_at: datetime | None
    rate_sources: list[dict[str, Any]] | None
    expected_micros: int | None
    credited_micros: int | None
    credited_at: datetime | None
    reversed_micros: int
    reversed_at: datetime | None
    restored_micros: int
    written_off_micros: int
    replaced_by: str | None
    policy_version: int

    @property
    def coins(self) -> Decimal | None:
        """The amount in whole coins, exactly; None for what is no asset of ours."""
        return None if self.asset is None else Decimal(f"{self.amount}e-{BY_ASSET[self.asset].decimals}")

    @property
    def kept_micros(self) -> int:
        """What of the credit is in force."""
        return (self.credited_micros or 0) - self.reversed_micros + self.restored_micros


@dataclass(frozen=True, slots=True)
class Issued:
    """An address that was ever given out."""

    keychain: str
    index: int
    chain: Chain
    address: str
    asset: Asset
    customer: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ChainState:
    """How far a chain has been read, and the node's trouble where it has one."""

    name: Chain
    cursor_height: int
    head_height: int
    final_height: int
    head_at: datetime | None
    seen_at: datetime | None
    trouble: str
    trouble_since: datetime | None
    rescanned_height: int


@dataclass(frozen=True, slots=True)
class Rate:
    """What one whole coin is worth in dollars as last looked up; `in_force` where it would price a deposit now."""

    asset: Priced
    rate: Decimal | None
    sources: list[dict[str, Any]]
    oldest_at: datetime | None
    usable: bool
    trouble: str
    looked_at: datetime
    in_force: bool


@dataclass(frozen=True, slots=True)
class Inside:
    """A deposit's fields that its customer's pages have no use for: accepted by a person, last in the mempool, out of its
    block since, outputs that it spends."""

    accepted: bool
    pending_at: datetime | None
    unmined_at: datetime | None
    inputs: list[str] | None


_ISSUED = "select keychain, index, chain, address, asset, customer_id, created_at from funding_address"
_TOPUP = (Path(__file__).parent / "topup.sql").read_text()


def topup(customer_id: int, deposit_id: int) -> Topup:
    """One of the customer's top-ups. Raises Refusal(not_found), TryLater."""
    row = sql.one(f"{_TOPUP} where d.customer_id = %s and d.id = %s", (customer_id, deposit_id))
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return _topup(row)


def topups(
    customer_id: int,
    *,
    states: Collection[str] | None = None,
    address: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Topup]:
    """The customer's top-ups, newest first, older than id `before`. Raises TryLater."""
    found = sql.rows(
        f"{_TOPUP} where d.customer_id = %(customer)s and d.id < %(before)s"
        " and (%(states)s::text[] is null or d.state = any(%(states)s::text[]))"
        " and (%(address)s::text is null or d.address = %(address)s::text) order by d.id desc limit %(limit)s",
        {
            "customer": customer_id,
            "states": None if states is None else [str(state) for state in states],
            "address": address,
            "before": _LARGEST if before is None else before,
            "limit": limit,
        },
    )
    return [_topup(row) for row in found]


def accumulated(customer_id: int) -> dict[Asset, int | None]:
    """What the customer's small payments are worth together now, in micro-dollars for each asset that has some; None where
    there is no rate (POLICY 2.2.4). Raises TryLater."""
    found = sql.rows(
        "select d.asset, sum(fn.deposit_value(d.amount, (fn.rate_now(d.asset)).rate, a.decimals))::bigint"
        " from funding_deposit d join funding_asset a on a.name = d.asset"
        " where d.customer_id = %s and d.state = 'accumulating' group by d.asset",
        (customer_id,),
    )
    return {Asset(asset): micros for asset, micros in found}


def addresses_of(customer_id: int) -> list[Issued]:
    """The customer's addresses, the latest first. Raises TryLater."""
    return _issued("customer_id = %(customer)s", {"customer": customer_id, "limit": 50})


def any_topup(deposit_id: int) -> Topup:
    """A top-up of whomever, for operators and mails. Raises Refusal(not_found), TryLater."""
    row = sql.one(f"{_TOPUP} where d.id = %s", (deposit_id,))
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return _topup(row)


def search(text: str, *, limit: int = 50) -> list[Topup]:
    """Deposits by transaction, address or number, newest first, for operators. Raises TryLater."""
    text = text.strip()
    number = text.removeprefix("dep_")
    found = sql.rows(
        f"{_TOPUP} where d.chain = any(%(chains)s) and d.tx = any(%(texts)s) or d.address = any(%(texts)s) or d.id = %(id)s"
        " order by d.id desc limit %(limit)s",
        {
            "chains": [str(chain) for chain in Chain],
            "texts": [text, text.lower()],
            "id": int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None,
            "limit": limit,
        },
    )
    return [_topup(row) for row in found]


def under_case(limit: int = 100) -> list[Topup]:
    """Deposits that a person has to decide about, the oldest first. Raises TryLater."""
    return [
        _topup(row)
        for row in sql.rows(f"{_TOPUP} where d.state = 'under_case' order by d.id limit %s", (limit,))
    ]


def issued(text: str, *, limit: int = 50) -> list[Issued]:
    """Addresses ever given out, by address or customer number. Raises TryLater."""
    return _issued(
        "address = %(text)s or lower(address) = lower(%(text)s) or customer_id::text = %(text)s",
        {"text": text.strip(), "limit": limit},
    )


def is_ours(chain: Chain, key: str) -> bool:
    """Whether this is an address that a customer was given to pay in on; `key` as in Address.key. Raises TryLater."""
    found = sql.value(
        "select exists (select from funding_address where chain = %s and key = %s)", (chain, key)
    )
    return bool(found)


def _issued(which: str, values: dict[str, Any]) -> list[Issued]:
    found = sql.rows(f"{_ISSUED} where {which} order by created_at desc, index desc limit %(limit)s", values)
    return [Issued(row[0], row[1], Chain(row[2]), row[3], Asset(row[4]), row[5], row[6]) for row in found]


def chains() -> list[ChainState]:
    """Every chain that was ever begun. Raises TryLater."""
    found = sql.rows(
        "select name, cursor_height, head_height, final_height, head_at, seen_at, trouble, trouble_since, rescanned_height"
        " from funding_chain order by name"
    )
    return [ChainState(Chain(row[0]), *row[1:]) for row in found]


def rates() -> list[Rate]:
    """What every asset was last said to be worth. Raises TryLater."""
    found = sql.rows(
        "select asset, rate, sources::json, oldest_at, usable, trouble, looked_at,"
        " (fn.rate_now(asset)).asset is not null from funding_rate order by asset"
    )
    return [Rate(_priced(row[0]), *row[1:]) for row in found]


def _priced(name: str) -> Priced:
    return FeeCoin(name) if name in FeeCoin.__members__ else Asset(name)


def inside(deposit_id: int) -> Inside:
    """What only operators see of a deposit. Raises Refusal(not_found), TryLater."""
    row = sql.one(
        "select accepted, pending_at, unmined_at, inputs::json from funding_deposit where id = %s",
        (deposit_id,),
    )
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return Inside(*row)


def _topup(row: sql.Row) -> Topup:
    head, (chain, tx, position, address), (asset, token, amount) = row[:2], row[2:6], row[6:9]
    middle, depth, (rate, rate_at, sources, expected), end = row[9:16], row[16], row[17:21], row[21:]
    wanted = _wanted(Chain(chain), expected or end[0])
    known = Asset(asset) if asset else None
    return Topup(
        *(*head, Chain(chain), tx, position, address, known, token, int(amount)),
        *(*middle, depth, wanted, rate, rate_at, sources, expected, *end),
    )


def _wanted(chain: Chain, micros: int | None) -> int:
    rule = BY_CHAIN[chain]
    is_deep = (micros or 0) > rule.deep_above_micros
    is_final = rule.deep_final if is_deep else rule.final_only
    return 0 if is_final else rule.deep_confirmations if is_deep else rule.confirmations


def least_micros() -> int:
    """Below this, payments add up until they reach it."""
    return FIGURES[Figure.TOPUP_LEAST_MICROS]
