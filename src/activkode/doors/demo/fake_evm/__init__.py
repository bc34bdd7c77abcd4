"""A fake node of the Ethereum kind, called fake: a chain in memory that answers real JSON-RPC over HTTP on loopback, for the
demo and for tests. No machine runs its contracts; what a transaction moves is what the caller said.
"""

from activkode.doors.demo.fake_evm.node import FakeEvm, Fault

__all__ = ["FakeEvm", "Fault"]
