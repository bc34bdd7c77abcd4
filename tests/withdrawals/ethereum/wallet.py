"""A wallet of ours on anvil, with what pays and what signs for it."""

from dataclasses import dataclass

from activkode.doors.signer.coins.ethereum import EthereumKey, read
from activkode.funding.policy import Asset
from activkode.withdrawals.chains.base import Unsigned, Version, Wish
from activkode.withdrawals.chains.ethereum import EthereumPayer
from activkode.withdrawals.policy import Kind
from funding.evm.anvil import CHAIN_ID, Anvil

ETHER = 10**18
SECRET = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"
SOMEBODY = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"


@dataclass
class Wallet:
    """Pays out and signs at once."""

    anvil: Anvil
    payer: EthereumPayer
    key: EthereumKey

    def wish(self, amount: int = ETHER, to: str = SOMEBODY, most_fee: int = ETHER // 100) -> Wish:
        """A payout."""
        return Wish("pay_1", Asset.ETH, to, amount, most_fee)

    def version(self, unsigned: Unsigned, kind: Kind = Kind.PAY) -> Version:
        """The same, signed and checked."""
        signed = self.payer.check(unsigned, self.key.sign(unsigned.body))
        return Version(kind, signed, unsigned)

    def paid(self, wish: Wish | None = None, nonce: int = 0) -> Version:
        """Built, signed and given to the node."""
        version = self.version(self.payer.build(wish or self.wish(), nonce, frozenset()))
        self.payer.broadcast(version.signed)
        return version

    def bumped(self, before: Version, kind: Kind = Kind.PAY, wish: Wish | None = None) -> Version:
        """A replacement, signed and given to the node."""
        version = self.version(self.payer.replace(wish or self.wish(), before.unsigned, kind), kind)
        self.payer.broadcast(version.signed)
        return version

    def balance(self, address: str = SOMEBODY) -> int:
        """What an address has got."""
        return int(self.anvil.ask("eth_getBalance", address, "latest"), 16)


def wallet_on(anvil: Anvil, ether: int = 10) -> Wallet:
    """A wallet with so much on it; number 0 is its next one."""
    key = read({"private_key": SECRET, "chain_id": CHAIN_ID})
    options = {"url": anvil.url, "chain_id": CHAIN_ID, "address": key.wallet}
    anvil.pay(key.wallet, ether * ETHER)
    anvil.mine()
    return Wallet(anvil, EthereumPayer(options), key)
