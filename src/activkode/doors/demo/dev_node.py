"""A development node of Ethereum (anvil, `geth --dev`) that somebody runs in place of the demo's fake: the demo pays from
its first unlocked account. Such a node holds play money alone.
"""

from activkode.funding.chains.evm_rpc import Rpc, address_of, listed, quantity


class DevNode:
    """Pays as FakeEvm does, on the node of this address."""

    def __init__(self, url: str) -> None:
        self._rpc = Rpc(url, batches=False)

    def pay(self, address: str, amount: int) -> str:
        """Sends an amount in wei; the transaction. Raises Away, Unusable."""
        accounts = listed(self._rpc.ask("eth_accounts"), "the accounts")
        sender = address_of(next(iter(accounts), None), "the first account")
        return str(
            self._rpc.ask("eth_sendTransaction", {"from": sender, "to": address, "value": hex(amount)})
        )

    def stop(self) -> None:
        """Nothing: who runs it stops it."""

    def held(self, address: str) -> int:
        """The balance in wei. Raises Away, Unusable."""
        return quantity(self._rpc.ask("eth_getBalance", address, "latest"), "a balance")
