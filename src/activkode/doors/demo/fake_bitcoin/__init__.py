"""A fake Bitcoin Core, called fake: a chain of its own with real transactions, real hashes and Core's JSON-RPC, for the demo
and the tests. It keeps none of Core's rules about who may mine what: coins are minted at will and spendable at once, and
a block's proof of work is the regtest one, which any second hash meets.
"""

from activkode.doors.demo.fake_bitcoin.chain import FakeBitcoin
from activkode.doors.demo.fake_bitcoin.faults import Faults

__all__ = ["FakeBitcoin", "Faults"]
