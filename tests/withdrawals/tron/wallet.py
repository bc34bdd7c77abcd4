"""A wallet of ours on the fake TRON node, with what pays and what signs for it."""

from dataclasses import dataclass

from activkode.doors.demo.fake_evm import FakeEvm
from activkode.doors.signer.coins.tron import TronKey, read
from activkode.funding.chains.tron import key_of
from activkode.funding.policy import Asset
from activkode.withdrawals.chains.base import Unsigned, Version, Wish
from activkode.withdrawals.chains.tron import TronPayer
from activkode.withdrawals.policy import Kind

USDT, TRX = 10**6, 10**6
TOKEN = "0xa614f803b6fd780986a42c78ec9c7f77e6ded13c"
TOKEN_SHOWN = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
SECRET = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"
SOMEBODY = "TCyKsrUdu7Wj4XcawiCnjvTf6rGYC5y4HD"
CHAIN_ID = 31338


@dataclass
class Wallet:
    """Pays out and signs at once."""

    node: FakeEvm
    payer: TronPayer
    key: TronKey

    def wish(self, amount: int = 15 * USDT, payout: str = "pay_1", most_fee: int = 60 * TRX) -> Wish:
        """A payout to somebody who never held the token."""
        return Wish(payout, Asset.USDT_TRC20, SOMEBODY, amount, most_fee)

    def build(self, **changed: object) -> Unsigned:
        """An unsigned payout."""
        return self.payer.build(self.wish(**changed), None, frozenset())  # type: ignore[arg-type]

    def version(self, unsigned: Unsigned) -> Version:
        """The same, signed and checked."""
        return Version(Kind.PAY, self.payer.check(unsigned, self.key.sign(unsigned.body)), unsigned)

    def paid(self, **changed: object) -> Version:
        """Built, signed and given to the node."""
        version = self.version(self.build(**changed))
        self.payer.broadcast(version.signed)
        return version

    def held(self, address: str = SOMEBODY) -> int:
        """The token on an address."""
        return self.node.head.balances.get((TOKEN, key_of(address)), 0)


def payer_of(*nodes: FakeEvm, key: TronKey) -> TronPayer:
    """What pays from the key's wallet, with these nodes."""
    urls = dict(zip(("http_url", "second_http_url"), (node.url for node in nodes), strict=False))
    options = {"genesis": nodes[0].genesis, "address": key.wallet, "tokens": {"USDT-TRC20": TOKEN_SHOWN}}
    return TronPayer(urls | options)


def wallet_on(node: FakeEvm, usdt: int = 1000, trx: int = 500) -> Wallet:
    """A wallet with so much of both on it."""
    key = read({"private_key": SECRET})
    node.pay_token(TOKEN, key_of(key.wallet), usdt * USDT)
    node.pay(key_of(key.wallet), trx * TRX)
    node.mine(25)
    return Wallet(node, payer_of(node, key=key), key)
