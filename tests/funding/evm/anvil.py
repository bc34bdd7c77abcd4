"""A real node, npm's anvil, as a test holds it: started on a free port, stopped by its process id."""

import json
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import httpx

from activkode.doors.up import ports
from tools import ANVIL

CONTRACTS = json.loads((Path(__file__).parent / "contracts/compiled.json").read_text())
CHAIN_ID = 31337
GWEI = 10**9


class Anvil:
    """Mines only when told to. A block is final `lag` blocks after it."""

    def __init__(self, lag: int = 8) -> None:
        self._lag = lag
        self._port = ports.free()
        self.url = f"http://127.0.0.1:{self._port}"
        self._http = httpx.Client(timeout=20, trust_env=False)

    def __enter__(self) -> Self:
        words = ("--no-mining", "--silent", "--slots-in-an-epoch", str(self._lag // 2))
        place = ("--host", "127.0.0.1", "--port", str(self._port), "--chain-id", str(CHAIN_ID))
        self._process = subprocess.Popen(
            [ANVIL, *words, *place], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            self.accounts: list[str] = self._first_answer()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _first_answer(self) -> list[str]:
        for _ in range(400):
            assert self._process.poll() is None, "anvil ended"
            try:
                accounts: list[str] = self.ask("eth_accounts")
                return accounts
            except httpx.TransportError:
                time.sleep(0.05)
        raise TimeoutError("anvil did not come up")

    def __exit__(self, *_: object) -> None:
        self._http.close()
        self._process.terminate()
        self._process.wait(10)

    def ask(self, method: str, *params: Any) -> Any:
        """A result."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        answer = self._http.post(self.url, json=body).json()
        assert "result" in answer, answer
        return answer["result"]

    # --- what happens on the chain ---

    def mine(self, count: int = 1) -> None:
        """Blocks; the first takes what waits."""
        self.ask("anvil_mine", hex(count))

    @property
    def height(self) -> int:
        """Of the newest block."""
        return int(self.ask("eth_blockNumber"), 16)

    def reorg(self, depth: int, again: Sequence[str] = ()) -> None:
        """Other blocks in place of the newest ones, and one more. The first of them takes `again` (signed, in order)."""
        self.ask("anvil_reorg", depth, [[raw, 0] for raw in again])
        self.mine()

    def signed(self, to: str | None, value: int = 0, data: str = "0x", sender: int = 0, **others: Any) -> str:
        """A signed transaction; its fee is of the new kind unless `others` names a gasPrice."""
        account = self.accounts[sender]
        fee = (
            {}
            if "gasPrice" in others
            else {"maxFeePerGas": hex(100 * GWEI), "maxPriorityFeePerGas": hex(GWEI)}
        )
        nonce = others.pop("nonce", None)
        if nonce is None:
            nonce = int(self.ask("eth_getTransactionCount", account, "pending"), 16)
        fields = {"from": account, "to": to, "value": hex(value), "data": data, "nonce": hex(nonce)}
        gas = {"gas": hex(2_000_000), "chainId": hex(CHAIN_ID)}
        return str(self.ask("eth_signTransaction", fields | gas | fee | others))

    def send(self, raw: str) -> str:
        """Into the mempool; its hash."""
        return str(self.ask("eth_sendRawTransaction", raw))

    def pay(self, to: str, value: int, **others: Any) -> str:
        """Plain value; its hash."""
        return self.send(self.signed(to, value, **others))

    def deploy(self, name: str) -> str:
        """A contract of Tokens.sol, in a block of its own; its address."""
        tx = self.send(self.signed(None, data=CONTRACTS[name]["code"]))
        self.mine()
        return str(self.ask("eth_getTransactionReceipt", tx)["contractAddress"])

    def signed_call(self, contract: str, name: str, *words: str | int, value: int = 0, **others: Any) -> str:
        """A signed call of a method of Tokens.sol."""
        data = next(
            found for one in CONTRACTS.values() for what, found in one["methods"].items() if what == name
        )
        return self.signed(contract, value, "0x" + data + "".join(map(_word, words)), **others)

    def call(self, contract: str, name: str, *words: str | int, **others: Any) -> str:
        """The same, sent; its hash."""
        return self.send(self.signed_call(contract, name, *words, **others))


def _word(value: str | int) -> str:
    return (value[2:].lower() if isinstance(value, str) else f"{value:x}").rjust(64, "0")
