"""The demo's faucet: keeps something on the wallets that pay withdrawals out, on the fake chains alone."""

from collections.abc import Mapping
from typing import Any

from activkode.doors.demo.dev_node import DevNode
from activkode.doors.demo.fake_bitcoin.chain import FakeBitcoin
from activkode.doors.demo.fake_evm.node import FakeEvm
from activkode.funding.chains.tron import key_of

_COINS, _SATOSHIS, _DEPTH = 10, 50_000_000, 6
_ETHER, _TRX, _USDT = 10**18, 10**6, 10**6
# Below the first it is filled up to the second.
_LEVELS = {
    "eth": (10 * _ETHER, 30 * _ETHER),
    "trx": (5_000 * _TRX, 20_000 * _TRX),
    "usdt": (20_000 * _USDT, 90_000 * _USDT),
}


class Faucet:
    """`fill` may be called again and again. `wallets` is ACTIVKODE_PAYOUTS."""

    def __init__(
        self,
        wallets: Mapping[str, Any],
        bitcoin: FakeBitcoin,
        ethereum: FakeEvm | DevNode,
        tron: FakeEvm,
        usdt: str,
    ) -> None:
        self._wallets, self._bitcoin, self._ethereum, self._tron, self._usdt = (
            wallets,
            bitcoin,
            ethereum,
            tron,
            usdt,
        )
        self._has_bitcoin = False

    def fill(self) -> None:
        """Fills up what is low. Raises Away, Unusable of a development node."""
        if address := self._of("bitcoin", "first_address"):
            if not self._has_bitcoin:
                self._bitcoin.fund([address] * _COINS, _SATOSHIS, _DEPTH)
            self._has_bitcoin = True
        address = self._of("ethereum", "address")
        if address and (lacking := _lacking(self._ethereum.held(address), "eth")):
            self._ethereum.pay(address, lacking)
        if address := self._of("tron", "address"):
            key = key_of(address)
            if lacking := _lacking(self._tron.held(key), "trx"):
                self._tron.pay(key, lacking)
            if lacking := _lacking(self._tron.held(key, self._usdt), "usdt"):
                self._tron.pay_token(self._usdt, key, lacking)

    def _of(self, chain: str, name: str) -> str:
        return str(self._wallets.get(chain, {}).get(name, ""))


def _lacking(held: int, what: str) -> int:
    low, full = _LEVELS[what]
    return full - held if held < low else 0
