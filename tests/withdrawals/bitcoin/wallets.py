"""A payout wallet whose key the tests have, the fake node that it stands on, and the whole way of a payout."""

from dataclasses import dataclass, field
from typing import Any

from embit import bip32, script

from activkode.doors.demo.fake_bitcoin import FakeBitcoin
from activkode.doors.signer.coins.bitcoin import BitcoinKey, read
from activkode.funding.policy import Asset
from activkode.withdrawals.chains.base import Signed, Unsigned, Version, Wish
from activkode.withdrawals.chains.bitcoin import BitcoinPayer
from activkode.withdrawals.policy import Kind

DEPTH = 6
_TPRV, _TPUB = bytes.fromhex("04358394"), bytes.fromhex("043587cf")
_ACCOUNT = bip32.HDKey.from_seed(b"a wallet that the tests pay from").derive("m/84h/1h/0h")
SECRET: str = _ACCOUNT.to_base58(_TPRV)
PUBLIC: str = _ACCOUNT.to_public(_TPUB).to_base58(_TPUB)
FIRST = "bcrt1qsvcxp4u05gxk3xmax2uuust859hsnvts0shmyl"
ELSEWHERE = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"
AMOUNT, CAP = 150_000, 10_000


def options(url: str, **others: Any) -> dict[str, Any]:
    """What the payer is made of."""
    return {"url": url, "network": "regtest", "xpub": PUBLIC, "first_address": FIRST} | others


def key() -> BitcoinKey:
    """The signer's."""
    return read({"account": SECRET, "network": "regtest"})


def wish(payout: str = "pay_1", **others: Any) -> Wish:
    """An ordinary one."""
    given = {"asset": Asset.BTC, "destination": ELSEWHERE, "amount": AMOUNT, "most_fee": CAP}
    return Wish(payout, **(given | others))


@dataclass
class Desk:
    """A payer on a fake node, and a payout's transactions so far."""

    fake: FakeBitcoin
    payer: BitcoinPayer
    versions: list[Version] = field(default_factory=list)

    def fund(self, *satoshis: int) -> None:
        """Coins of the wallet, deep enough to be spent."""
        for each in satoshis:
            self.fake.pay(FIRST, each)
        self.fake.mine(DEPTH)

    def signed(self, unsigned: Unsigned) -> Signed:
        """Signed by the signer, checked, and kept as a version."""
        found = self.payer.check(unsigned, key().sign(unsigned.body))
        self.versions.append(Version(unsigned.kind, found, unsigned))
        return found

    def paid(self, wanted: Wish | None = None) -> Signed:
        """A payout that was built, signed and broadcast."""
        found = self.signed(self.payer.build(wanted or wish(), None, frozenset()))
        self.payer.broadcast(found)
        return found

    def replaced(self, kind: Kind = Kind.PAY, wanted: Wish | None = None) -> Signed:
        """The newest version, replaced and signed; not broadcast."""
        return self.signed(self.payer.replace(wanted or wish(), self.versions[-1].unsigned, kind))

    def look(self) -> Any:
        """What became of it."""
        return self.payer.look(tuple(self.versions))


def received(fake: FakeBitcoin, address: str) -> list[int]:
    """What blocks pay to an address."""
    data = script.address_to_scriptpubkey(address).data
    return [
        value
        for block in fake.blocks
        for sent in block.sent
        for value, target in sent.outputs
        if target == data
    ]
