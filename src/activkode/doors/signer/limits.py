"""What the signer signs at most, as data of its own machine: per payout and per day (UTC), amount and fee apart. In the
coins' smallest units.
"""

import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from activkode.config.environment import SettingError
from activkode.doors.signer.coins.base import Meant
from activkode.funding.policy import BY_ASSET, FEES, Asset

_NAME = "ACTIVKODE_SIGNER_LIMITS"
# Addresses that mean the same in any case.
_FOLDED = ("0x", "bc1", "tb1", "bcrt1")
_FIGURES = ("payout", "day", "fee", "fee_day")


class Refused(Exception):
    """It is not signed. The text says why; it is told to the caller."""


@dataclass(frozen=True, slots=True)
class Sums:
    """An amount, and fees."""

    amount: int = 0
    fee: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.amount + other.amount, self.fee + other.fee)


@dataclass(frozen=True, slots=True)
class Limit:
    """The limits of one asset: `payout` and `day` of the amount, `fee` and `fee_day` of the fees. `destinations` None:
    any."""

    payout: int
    day: int
    fee: int
    fee_day: int
    destinations: frozenset[str] | None = None

    def judge(self, meant: Meant, adds: Sums, today: Sums) -> None:
        """Raises Refused where a transaction passes a limit. `adds` is what it adds to `today`, which other signatures of
        this day have used up."""
        if meant.destination is not None and self.destinations is not None:
            _must(
                _folded(meant.destination) in self.destinations,
                f"{meant.destination} is no allowed destination",
            )
        after = today + adds
        _must(meant.amount <= self.payout, f"{_name(meant)} above {self.payout} for one payout")
        _must(meant.fee <= self.fee, f"a fee of {meant.fee}, above {self.fee} for one payout")
        _must(after.amount <= self.day, f"{_name(meant)} would make {after.amount} today, above {self.day}")
        _must(after.fee <= self.fee_day, f"the fee would make {after.fee} today, above {self.fee_day}")


def load(path: Path) -> dict[Asset, Limit]:
    """The limits of {"ETH": {"payout": "1.5", "day": "10", "fee": "0.01", "fee_day": "0.1", "destinations": [...]}, ...}:
    whole coins; fees in the coin that the network takes. An asset that is not named is not signed. Raises SettingError."""
    try:
        found = json.loads(path.read_text())
        return {Asset(name): _limit(Asset(name), entry) for name, entry in found.items()}
    except OSError as error:
        raise SettingError(f"{_NAME}: {path} cannot be read ({type(error).__name__})") from None
    except (ValueError, AttributeError, KeyError, TypeError, InvalidOperation):
        wanted = ", ".join(_FIGURES)
        raise SettingError(
            f"{_NAME}: {path} must have {wanted} for each asset, as texts of whole coins"
        ) from None


def _limit(asset: Asset, entry: dict[str, Any]) -> Limit:
    if not set(entry) <= {*_FIGURES, "destinations"}:
        raise ValueError("there are unknown limits")
    coin, fees = BY_ASSET[asset].decimals, FEES[asset].decimals
    payout, day = (_units(entry[name], coin) for name in ("payout", "day"))
    fee, fee_day = (_units(entry[name], fees) for name in ("fee", "fee_day"))
    among = entry.get("destinations")
    if among is not None and not (isinstance(among, list) and all(isinstance(one, str) for one in among)):
        raise ValueError("destinations is a list of addresses")
    return Limit(payout, day, fee, fee_day, None if among is None else frozenset(map(_folded, among)))


def _folded(address: str) -> str:
    return lower if (lower := address.lower()).startswith(_FOLDED) else address


def _units(coins: str, decimals: int) -> int:
    units = Decimal(coins).scaleb(decimals) if isinstance(coins, str) else Decimal("NaN")
    if not units.is_finite() or units < 0 or units != units.to_integral_value():
        raise ValueError("no amount")
    return int(units)


def _name(meant: Meant) -> str:
    return f"{meant.amount} of {meant.asset}"


def _must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Refused(otherwise)
