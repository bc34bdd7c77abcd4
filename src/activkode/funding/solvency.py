"""What the house owes its customers beside the coins that it was paid, and what the chains say lies on the watched
addresses. Read only; what no source has looked at is said to be unknown, never to be nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from activkode.core import sql
from activkode.funding.policy import Asset

# What a chain itself is about: its holdings are rows without the name of a token.
_CHAIN_COINS = [str(Asset.BTC), str(Asset.ETH)]
_COINS = (Path(__file__).parent / "solvency.sql").read_text()


@dataclass(frozen=True, slots=True)
class Holding:
    """One asset. `clearing_micros` is what customers were credited for it, in dollars as then; the rest are amounts in the
    coin's smallest unit. `balance`, `outgoing` and `looked_at` (of the address looked at longest ago) are None where nothing
    was looked at yet; `balance_micros` is None without a rate as well."""

    asset: Asset
    clearing_micros: int
    credited: int
    waiting: int
    balance: int | None
    outgoing: int | None
    looked_at: datetime | None
    balance_micros: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """All customers' balances in micro-dollars, what each asset brought, and the time of the report."""

    cash_micros: int
    promo_micros: int
    held_micros: int
    withdrawing_micros: int
    holdings: tuple[Holding, ...]
    at: datetime

    @property
    def owed_micros(self) -> int:
        """What could be asked for in money: promotional credit can only be spent (POLICY 2.1.14)."""
        return self.cash_micros + self.held_micros + self.withdrawing_micros

    @property
    def clearing_micros(self) -> int:
        """What all assets were credited for."""
        return sum(one.clearing_micros for one in self.holdings)

    @property
    def balance_micros(self) -> int | None:
        """What lies on the watched addresses at today's rates; None where an asset is unknown."""
        known = [one.balance_micros for one in self.holdings]
        return None if None in known else sum(one for one in known if one is not None)


def report() -> Report:
    """Adds everything up now: reads all transfers. Raises TryLater."""
    owed = sql.one(
        "select coalesce(sum(cash), 0)::bigint, coalesce(sum(promo), 0)::bigint, coalesce(sum(held), 0)::bigint,"
        " coalesce(sum(withdrawing), 0)::bigint, fn.now() from ledger_wallet"
    )
    assert owed is not None  # sums of a table are one row
    cash, promo, held, withdrawing, at = owed
    found = sql.rows(_COINS, {"chain_coins": _CHAIN_COINS})
    return Report(cash, promo, held, withdrawing, tuple(_holding(row) for row in found), at)


def _holding(row: sql.Row) -> Holding:
    asset, clearing, credited, waiting, balance, outgoing, looked_at, micros = row
    return Holding(
        Asset(asset),
        clearing,
        int(credited),
        int(waiting),
        None if balance is None else int(balance),
        None if outgoing is None else int(outgoing),
        looked_at,
        None if micros is None else int(micros),
    )
