"""Judges what is asked to be signed, writes it down, and signs it: the one way to a signature, for the process as for the
offline tool. Must never sign what it has not written down, nor two things for one payout that could both pay.
"""

import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import structlog

from activkode.doors.signer.coins.base import Key, Meant, Unreadable
from activkode.doors.signer.journal import Entry, Journal
from activkode.doors.signer.limits import Limit, Refused, Sums
from activkode.funding.policy import Asset

log = structlog.get_logger("activkode.signer")

_PAYOUT = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about limits, as far as it is known before there is a transaction."""

    asset: Asset
    amount: int
    fee: int = 0
    destination: str | None = None


class Desk:
    """Keys, limits and the journal. One signature at a time."""

    def __init__(self, keys: Mapping[Asset, Key], limits: Mapping[Asset, Limit], journal: Journal) -> None:
        self._keys, self._limits, self._journal = keys, limits, journal
        self._lock = threading.Lock()

    def describe(self, asset: Asset, body: Mapping[str, Any]) -> Meant:
        """What the body would do. Raises Refused where there is no key for it, or it cannot be read."""
        if asset not in self._keys or asset not in self._limits:
            raise Refused(f"{asset} is not signed here")
        try:
            return self._keys[asset].describe(body)
        except Unreadable as error:
            raise Refused(str(error)) from error

    def would(self, asked: Asked) -> None:
        """Raises Refused where such a payout would not be signed now."""
        if asked.asset not in self._keys or asked.asset not in self._limits:
            raise Refused(f"{asked.asset} is not signed here")
        meant = Meant(asked.asset, asked.destination, asked.amount, asked.fee, (), "")
        with self._lock:
            self._judge(meant, Sums(asked.amount, asked.fee), self._day())

    def sign(self, payout: str, asset: Asset, body: Mapping[str, Any]) -> bytes:
        """The signed bytes; the same for the same. Raises Refused, Broken."""
        if not _PAYOUT.fullmatch(payout):
            raise Refused("the payout's name is none")
        meant = self.describe(asset, body)
        with self._lock:
            before = [one for one in self._journal.entries if one.payout == payout]
            if not any(one.identity == meant.identity for one in before):
                self._write_down(payout, meant, before)
            else:
                self._judge(meant, Sums(), self._day())
            raw = self._keys[asset].sign(body)
        log.info("signer.signed", payout=payout, asset=asset, amount=str(meant.amount), to=meant.destination)
        return raw

    def _write_down(self, payout: str, meant: Meant, before: list[Entry]) -> None:
        _must_replace(meant, before)
        _must_be_free(meant, (one for one in self._journal.entries if one.payout != payout))
        day, adds = self._day(), _adds(meant, before)
        self._judge(meant, adds, day)
        entry = Entry(
            day,
            payout,
            meant.asset,
            meant.destination,
            meant.amount,
            meant.fee,
            meant.spends,
            meant.identity,
            adds,
        )
        self._journal.append(entry)

    def _judge(self, meant: Meant, adds: Sums, day: date) -> None:
        used = sum(
            (one.adds for one in self._journal.entries if (one.asset, one.day) == (meant.asset, day)), Sums()
        )
        self._limits[meant.asset].judge(meant, adds, used)

    def _day(self) -> date:
        # A clock that is set back begins no second day.
        entries = self._journal.entries
        today = datetime.now(UTC).date()
        return max(today, entries[-1].day) if entries else today


def _must_replace(meant: Meant, before: Iterable[Entry]) -> None:
    """A payout's transactions exclude each other, every one each other one, and pay the same or nobody."""
    for one in before:
        if one.asset != meant.asset:
            raise Refused(f"{one.payout} is a payout of {one.asset}")
        if not set(one.spends) & set(meant.spends):
            raise Refused(f"for {one.payout} another transaction was signed, and both could be carried out")
        paid, pays = (one.destination, one.amount), (meant.destination, meant.amount)
        if None not in (one.destination, meant.destination) and paid != pays:
            raise Refused(f"for {one.payout} a payment of {one.amount} to {one.destination} was signed")


def _must_be_free(meant: Meant, others: Iterable[Entry]) -> None:
    spends = set(meant.spends)
    for one in others:
        if taken := spends & set(one.spends):
            raise Refused(f"{min(taken)} belongs to {one.payout}")


def _adds(meant: Meant, before: list[Entry]) -> Sums:
    amount = max((one.amount for one in before), default=0)
    fee = max((one.fee for one in before), default=0)
    return Sums(max(0, meant.amount - amount), max(0, meant.fee - fee))
