"""Which coins pay for a payout, what is left over, and what the network takes: sizes, fees and dust. Pure.

All in satoshis; rates in satoshis for a thousand virtual bytes, as nodes count them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from activkode.withdrawals.chains.base import CannotPay

# Weight units (BIP141). A witness counts once, all else four times; a signature at its longest.
_WITNESS, _INPUT, _FRAME = 108, 41, 8
_SCALE = 4
_MARKER = 2
INPUT_BYTES = 68  # of one P2WPKH input, virtual
_OUTPUT_HEAD = 8
# Core's default rate under which an output is dust: what it would cost to spend, at 3 satoshis a byte.
_DUST_RATE = 3
_WITNESS_SPEND, _OLD_SPEND = 67, 148
CHANGE_DUST = 294
# Change that is so many times what was paid goes back in two parts while coins are few: one payout an hour and coin.
_SPLIT_TIMES, _COINS_WANTED = 4, 12
_MOST_INPUTS = 400  # a standard transaction ends at some 1,470


@dataclass(frozen=True, slots=True)
class Coin:
    """A confirmed output of the wallet."""

    txid: str
    number: int
    satoshis: int
    script: bytes
    height: int

    @property
    def name(self) -> str:
        """As Unsigned.spends has it."""
        return f"{self.txid}:{self.number}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a payout spends and pays: `change` are the amounts that come back; the rest is the fee."""

    coins: tuple[Coin, ...]
    change: tuple[int, ...]
    fee: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a transaction is to do: pay `amount` to the script `target` (empty: nobody), with change to scripts like `back`,
    at `rate` and for at most `most_fee`. As a replacement it costs more than `before` by at least `step`, a rate."""

    target: bytes
    amount: int
    back: bytes
    rate: int
    most_fee: int
    before: int = 0
    step: int = 0

    def fee(self, inputs: int, parts: int) -> int:
        """What it costs with so many inputs, and change in so many parts."""
        size = virtual_bytes(inputs, [*[self.target] * bool(self.target), *[self.back] * parts])
        return max(fee_of(size, self.rate), self.before + fee_of(size, self.step))


def virtual_bytes(inputs: int, scripts: Iterable[bytes]) -> int:
    """The size of a transaction of so many P2WPKH inputs that pays those scripts."""
    outputs = [_OUTPUT_HEAD + len(_counted(len(each))) + len(each) for each in scripts]
    plain = _FRAME + len(_counted(inputs)) + len(_counted(len(outputs))) + inputs * _INPUT + sum(outputs)
    return -(-(plain * _SCALE + _MARKER + inputs * _WITNESS) // _SCALE)


def fee_of(size: int, rate: int) -> int:
    """What so many virtual bytes cost, rounded up."""
    return -(-size * rate // 1000)


def dust(script: bytes) -> int:
    """Less than this no node passes on to such an output (Core's GetDustThreshold)."""
    is_witness = len(script) > 3 and script[0] in (0, *range(0x51, 0x61)) and script[1] == len(script) - 2
    return _DUST_RATE * (_OUTPUT_HEAD + 1 + len(script) + (_WITNESS_SPEND if is_witness else _OLD_SPEND))


def choose(coins: Sequence[Coin], wanted: Wanted) -> Plan:
    """The coins for a payout: the smallest one that is enough, or else the largest ones together. First so many that the
    fee could later be raised to its cap; where they do not suffice, just enough. Always the same of the same coins.
    Raises CannotPay."""
    if wanted.amount < dust(wanted.target):
        raise CannotPay(
            f"{wanted.amount} satoshis are less than nodes pass on to such an address ({dust(wanted.target)})"
        )
    worth = [coin for coin in coins if coin.satoshis > fee_of(INPUT_BYTES, wanted.rate)]
    chosen = _enough(worth, wanted, wanted.most_fee + CHANGE_DUST) or _enough(worth, wanted, 0)
    if chosen is None:
        held = sum(coin.satoshis for coin in worth)
        raise CannotPay(
            f"of {held} satoshis that can be spent now, no {_MOST_INPUTS} coins pay {wanted.amount} and the fee"
        )
    left = sum(coin.satoshis for coin in chosen) - wanted.amount
    return settle(
        chosen, wanted, 2 if len(coins) < _COINS_WANTED and left >= _SPLIT_TIMES * wanted.amount else 1
    )


def _enough(coins: Sequence[Coin], wanted: Wanted, reserve: int) -> tuple[Coin, ...] | None:
    def need(count: int) -> int:
        return wanted.amount + max(wanted.fee(count, 0), reserve)

    ordered = sorted(coins, key=lambda coin: (coin.satoshis, coin.name))
    for coin in ordered:
        if coin.satoshis >= need(1):
            return (coin,)
    largest = ordered[: -_MOST_INPUTS - 1 : -1]
    for count, total in enumerate(accumulate(coin.satoshis for coin in largest), 1):
        if total >= need(count):
            return tuple(largest[:count])
    return None


def settle(chosen: tuple[Coin, ...], wanted: Wanted, parts: int) -> Plan:
    """What comes back of those coins, in at most so many parts; a part that would be dust goes to the fee instead.
    Raises CannotPay where the fee would be above the cap."""
    left = sum(coin.satoshis for coin in chosen) - wanted.amount
    for count in range(parts, 0, -1):
        fee = wanted.fee(len(chosen), count)
        change = left - fee
        if change >= count * CHANGE_DUST and fee <= wanted.most_fee:
            first = change // count
            return Plan(chosen, (first, *[change - first] * (count - 1)), fee)
    least = wanted.fee(len(chosen), 0)
    if not wanted.target or left < least:
        raise CannotPay(f"the coins leave {left} satoshis for the network, which takes {least}")
    if max(left, least) > wanted.most_fee:
        raise CannotPay(
            f"the network would take {left if least <= wanted.most_fee else least} satoshis, the cap is {wanted.most_fee}"
        )
    return Plan(chosen, (), left)


def _counted(number: int) -> bytes:
    return bytes(1 if number < 0xFD else 3 if number <= 0xFFFF else 5)
