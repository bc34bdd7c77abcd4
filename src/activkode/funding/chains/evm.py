"""Reads chains of the Ethereum kind: plain value and token transfers to our addresses. One scanner; how the chains differ is
data (Kind). Must never touch the database, and must never name an asset by what a token calls itself: the contract's twenty
bytes decide.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from activkode.funding.chains.base import (
    PLAIN_VALUE,
    Away,
    Block,
    Found,
    Head,
    Left,
    Own,
    Unusable,
    WrongNetwork,
)
from activkode.funding.chains.evm_forms import (
    TRANSFER,
    EvmBlock,
    Header,
    Log,
    Receipt,
    Transaction,
    header_of,
    logs_of,
    receipt_of,
    transactions_of,
    transfers,
)
from activkode.funding.chains.evm_rpc import Call, Declined, Rpc, address_of, data_of, quantity
from activkode.funding.policy import Asset, Chain, Reason

_SILENT_CALLS = 5
_BALANCE_OF = "0x70a08231"  # the first four bytes of keccak256("balanceOf(address)")


@dataclass(frozen=True, slots=True)
class Kind:
    """How one chain of the kind differs from the others. `coin` is the asset that plain value is, None where it is none of
    ours; `coin_name` is what it is called then. `assets` and `strangers`: contracts on the main network."""

    chain: Chain
    coin: Asset | None
    coin_name: str
    chain_id: int
    genesis: str
    assets: Mapping[str, str]
    strangers: Mapping[str, str]
    contract_of: Callable[[str], str]
    batches: bool = True
    logs_by_hash: bool = True
    knows_history: bool = True
    has_mempool: bool = True
    named: Callable[[str], str] = str  # a transaction as the chain's wallets and explorers write it


class EvmNode:
    """A node of a chain of this kind. options: chain_id and genesis (the main network's where neither is given), tokens
    {asset: contract} and foreign_tokens {name: contract} instead of the main network's."""

    def __init__(self, kind: Kind, url: str, options: Mapping[str, Any]) -> None:
        self._kind = kind
        self.chain = kind.chain
        self._rpc = Rpc(url, batches=kind.batches)
        self._chain_id = int(options.get("chain_id", kind.chain_id))
        main = kind.genesis if self._chain_id == kind.chain_id else None
        self._genesis: str | None = options.get("genesis") or main
        tokens = options.get("tokens", kind.assets)
        strangers = options.get("foreign_tokens", kind.strangers)
        self._assets = {kind.contract_of(text): Asset(name) for name, text in tokens.items()}
        self._strangers = {kind.contract_of(text): name for name, text in strangers.items()}

    # --- the chain ---

    def genesis(self) -> str:
        """The hash of block 0. Raises WrongNetwork, Away, Unusable."""
        number, first = self._rpc.ask_all([("eth_chainId", []), _by_number(0)])
        if (found := quantity(_answered(number), "the network's number")) != self._chain_id:
            raise WrongNetwork(f"the node is of network {found}, not {self._chain_id}")
        header = header_of(_answered(first), 0)
        if self._genesis is not None and header.hash != self._genesis.lower():
            raise WrongNetwork("the node's first block is not the configured one")
        return header.hash

    def head(self) -> Head:
        """The newest block, and up to where blocks are final. Raises Away, Unusable."""
        latest, final = self._rpc.ask_all([_by_number("latest"), _by_number("finalized")])
        header = header_of(_answered(latest))
        # A young chain has no final block yet, and some nodes say so by an error.
        final_height = 0 if final is None or isinstance(final, Declined) else header_of(final).height
        return Head(header.height, header.hash, header.at, min(final_height, header.height))

    def hash_at(self, height: int) -> str:
        """The hash at a height. Raises Away, Unusable."""
        return header_of(
            self._present(self._rpc.ask("eth_getBlockByNumber", hex(height), False), height), height
        ).hash

    def fetch(self, height: int) -> object:
        """A whole block with its token transfers, checked for fitting together. Raises Away, Unusable."""
        value = self._present(self._rpc.ask("eth_getBlockByNumber", hex(height), True), height)
        header = header_of(value, height)
        transactions = transactions_of(value, header)
        if self._kind.logs_by_hash:
            answer = self._rpc.ask("eth_getLogs", {"blockHash": header.hash, "topics": [TRANSFER]})
            return EvmBlock(header, transactions, logs_of(answer, header, transactions))
        logs = self._logs_by_number(header, transactions)
        if (
            self.hash_at(height) != header.hash
        ):  # a height may have changed its block between the two questions
            raise Unusable(f"block {height} changed while it was read")
        return EvmBlock(header, transactions, logs)

    def _logs_by_number(self, header: Header, transactions: tuple[Transaction, ...]) -> tuple[Log, ...]:
        place = hex(header.height)
        try:
            answer = self._rpc.ask(
                "eth_getLogs", {"fromBlock": place, "toBlock": place, "topics": [TRANSFER]}
            )
        except Declined:  # more results than it gives at once: the receipts hold the same logs
            receipts = self._receipts(header, transactions).values()
            return transfers(log for receipt in receipts for log in receipt.logs)
        return logs_of(answer, header, transactions)

    def _present(self, value: Any, height: int) -> Any:
        if value is None:
            raise Away(f"the node has no block {height}")
        return value

    # --- what concerns us ---

    def read(self, fetched: object, own: Own) -> Block:
        """What of the block concerns us. Asks for the receipts of what does. Raises Away, Unusable."""
        assert isinstance(fetched, EvmBlock)
        block, header = fetched, fetched.header
        logs = [log for log in block.logs if log.receiver and own.has(log.receiver)]
        calls = list(self._calls(block.transactions, own))
        receipts = self._receipts(header, self._concerning(block, logs, calls, own))
        _check_logs(block, receipts)
        plain = [self._plain(one, receipts) for one in block.transactions if one.to and own.has(one.to)]
        failed = [found for one in calls if (found := self._failed_call(one, receipts[one.hash]))]
        places = {tx: {log: n for n, log in enumerate(receipt.logs)} for tx, receipt in receipts.items()}
        tokens = self._short([self._token(log, places[log.tx][log]) for log in logs], block)
        coins = {one.hash: one.coin for one in block.transactions if one.coin and self._kind.has_mempool}
        waiting = own.waits_for()
        return Block(
            *(header.height, header.hash, header.parent, header.at),
            found=tuple(
                replace(_with_inputs(one, coins.get(one.tx)), tx=self._kind.named(one.tx))
                for one in (*plain, *failed, *tokens)
            ),
            spent=tuple((coin, tx) for tx, coin in coins.items() if coin in waiting) if waiting else (),
            left=tuple(self._leaving(block, receipts, own)),
        )

    def _concerning(
        self, block: EvmBlock, logs: Sequence[Log], calls: Sequence[Transaction], own: Own
    ) -> list[Transaction]:
        """The transactions whose receipts are needed: those that concern us, and some of those that call a token of ours
        of which the block logs nothing at all (newest blocks have been told without their logs)."""
        logged = {log.contract for log in block.logs}
        silent = [one.hash for one in block.transactions if one.to in self._assets and one.to not in logged]
        named = {log.tx for log in logs} | {one.hash for one in calls} | set(silent[:_SILENT_CALLS])
        return [
            one
            for one in block.transactions
            if one.hash in named
            or (one.value and one.to and own.has(one.to))
            or (self._kind.coin and one.sender and own.has(one.sender))
        ]

    def _plain(self, one: Transaction, receipts: Mapping[str, Receipt]) -> Found:
        coin = self._kind.coin
        reason = None if coin else Reason.WRONG_ASSET
        if one.value == 0:
            reason = Reason.ZERO_AMOUNT
        elif not receipts[one.hash].succeeded:
            reason = Reason.FAILED
        token = "" if coin else self._kind.coin_name
        return Found(one.hash, PLAIN_VALUE, one.to or "", one.value, coin, token, reason)

    def _calls(self, transactions: Iterable[Transaction], own: Own) -> Iterator[Transaction]:
        """Plain transfers of our tokens to us."""
        for one in transactions:
            if one.to in self._assets and (call := one.transfers_to) and own.has(call[0]):
                yield one

    def _failed_call(self, one: Transaction, receipt: Receipt) -> Found | None:
        """A call that says it pays us and did nothing: it may have been shown as pending."""
        if receipt.logs:  # what it did stands in them, and in their places
            return None
        to, amount = one.transfers_to or ("", 0)
        return Found(one.hash, 0, to, amount, self._assets[one.to or ""], reason=Reason.FAILED)

    def _token(self, log: Log, position: int) -> Found:
        # `position`: its place in the block changes with every fork; its place in its own transaction does not.
        asset, stranger = self._assets.get(log.contract), self._strangers.get(log.contract)
        reason = None if asset else Reason.WRONG_ASSET if stranger else Reason.UNKNOWN_TOKEN
        amount = log.amount if log.is_whole_transfer else 0
        if not log.is_whole_transfer:
            asset, reason = (None, Reason.MALFORMED)
        elif amount == 0 and reason is not Reason.UNKNOWN_TOKEN:
            reason = Reason.ZERO_AMOUNT
        token = "" if asset else stranger or log.contract
        return Found(log.tx, position, log.receiver or "", amount, asset, token, reason)

    def _short(self, tokens: list[Found], block: EvmBlock) -> list[Found]:
        """The same, with those under doubt of which less arrived than was said (a token may take a fee)."""
        missing = {
            (one.key, contract)
            for one in tokens
            if one.asset and one.reason is None
            for contract, asset in self._assets.items()
            if asset is one.asset and self._arrived_short(contract, one.key, block)
        }
        if not missing:
            return tokens
        doubted = {(key, self._assets[contract]) for key, contract in missing}
        return [
            replace(one, reason=Reason.RECEIVED_LESS)
            if not one.reason and (one.key, one.asset) in doubted
            else one
            for one in tokens
        ]

    def _arrived_short(self, contract: str, key: str, block: EvmBlock) -> bool:
        if not self._kind.knows_history:
            return False  # holdings.py compares with what is
        said = 0
        for log in block.logs:
            if log.contract == contract and log.is_whole_transfer:
                said += log.amount * ((log.receiver == key) - (log.sender == key))
        answers = self._rpc.ask_all(
            [
                _balance_of(contract, key, hex(block.header.height)),
                _balance_of(contract, key, hex(max(0, block.header.height - 1))),
            ]
        )
        if any(isinstance(one, Declined) for one in answers):
            return False  # this node has not kept what was
        after, before = (_amount(one) for one in answers)
        return after - before < said

    def _leaving(self, block: EvmBlock, receipts: Mapping[str, Receipt], own: Own) -> Iterator[Left]:
        """What leaves our addresses, fees included."""
        if coin := self._kind.coin:
            for one in block.transactions:
                if one.sender and own.has(one.sender):
                    receipt = receipts[one.hash]
                    yield Left(one.sender, coin, receipt.fee + (one.value if receipt.succeeded else 0))
        for log in block.logs:
            asset = self._assets.get(log.contract)
            if asset and log.is_whole_transfer and log.sender and own.has(log.sender):
                yield Left(log.sender, asset, log.amount)

    def _receipts(self, header: Header, wanted: Sequence[Transaction]) -> dict[str, Receipt]:
        answers = self._rpc.ask_all([("eth_getTransactionReceipt", [one.hash]) for one in wanted])
        return {
            one.hash: receipt_of(_answered(answer), header, one)
            for one, answer in zip(wanted, answers, strict=True)
        }

    # --- what is not in a block ---

    def pending(self, own: Own) -> list[Found]:
        """Payments to us that the node would put into its next block; as good as its mempool. Raises Away."""
        if not self._kind.has_mempool:
            return []
        found, waiting = [], self._pending_transactions()
        for one in waiting:
            if one.to and one.value and self._kind.coin and own.has(one.to):
                found.append(_sighted(one, PLAIN_VALUE, one.to, one.value, self._kind.coin))
        for one in self._calls(waiting, own):
            to, amount = one.transfers_to or ("", 0)
            if amount:
                found.append(_sighted(one, 0, to, amount, self._assets[one.to or ""]))
        return found

    def conflicts(self, own: Own) -> list[tuple[str, str]]:
        """Numbers of senders under which another payment now waits. Raises Away."""
        waiting = own.waits_for()
        if not waiting or not self._kind.has_mempool:
            return []
        return [
            (one.coin, one.hash) for one in self._pending_transactions() if one.coin in waiting and one.coin
        ]

    def _pending_transactions(self) -> tuple[Transaction, ...]:
        try:
            return transactions_of(self._rpc.ask("eth_getBlockByNumber", "pending", True), None)
        except (Declined, Unusable):  # only shown, never counted: blocks must not wait for it
            return ()

    # --- what lies on addresses ---

    def balances(self, keys: Sequence[str], hash_: str) -> dict[tuple[str, Asset], int]:
        """What of our assets lies on the keys after that block. Raises Away where the node cannot say, Unusable."""
        at: Any = {"blockHash": hash_} if self._kind.knows_history else "latest"
        wanted = [(key, asset, call) for key in keys for asset, call in self._balance_calls(key, at)]
        if not self._kind.knows_history:
            self._must_stand_at(hash_)
        answers = self._rpc.ask_all([call for _, _, call in wanted])
        if not self._kind.knows_history:
            self._must_stand_at(hash_)
        return {
            (key, asset): _amount(_answered(answer))
            for (key, asset, _), answer in zip(wanted, answers, strict=True)
        }

    def _balance_calls(self, key: str, at: Any) -> Iterator[tuple[Asset, Call]]:
        if self._kind.coin:
            yield self._kind.coin, ("eth_getBalance", [key, at])
        for contract, asset in self._assets.items():
            yield asset, _balance_of(contract, key, at)

    def _must_stand_at(self, hash_: str) -> None:
        if self.head().hash != hash_:
            raise Away("the chain moved on meanwhile")


class EthereumNode(EvmNode):
    """A node of Ethereum's main network, or of another that the options name."""

    def __init__(self, url: str, options: Mapping[str, Any]) -> None:
        super().__init__(ETHEREUM, url, options)


ETHEREUM = Kind(
    chain=Chain.ETHEREUM,
    coin=Asset.ETH,
    coin_name="ETH",
    chain_id=1,
    genesis="0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3",
    assets={},
    strangers={
        "USDT (ERC-20)": "0xdAC17F958D2ee523a2206206994597C13D831ec7",
        "USDC (ERC-20)": "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48",
        "DAI (ERC-20)": "0x6B175474E89094C44Da98b954EedeAC495271d0F",
    },
    contract_of=lambda text: address_of(text, text),
)


# --- forms of questions and answers ---


def _by_number(place: int | str) -> Call:
    return "eth_getBlockByNumber", [place if isinstance(place, str) else hex(place), False]


def _balance_of(contract: str, key: str, at: Any) -> Call:
    data = _BALANCE_OF + key.removeprefix("0x").rjust(64, "0")
    return "eth_call", [{"from": key, "to": contract, "data": data}, at]


def _answered(answer: Any) -> Any:
    if isinstance(answer, Declined):
        raise answer
    return answer


def _amount(answer: Any) -> int:
    if isinstance(answer, str) and len(answer) == 2 + 64:
        return int.from_bytes(data_of(answer, "a balance"))
    return quantity(answer, "a balance")


def _check_logs(block: EvmBlock, receipts: Mapping[str, Receipt]) -> None:
    """What a transaction's receipt holds, the block's logs must hold, and the other way round: nodes have been seen to
    leave logs out of their newest blocks."""
    for tx, receipt in receipts.items():
        if transfers(receipt.logs) != tuple(log for log in block.logs if log.tx == tx):
            raise Unusable(f"the block's logs and the receipt of {tx} differ")


def _sighted(one: Transaction, position: int, key: str, amount: int, asset: Asset) -> Found:
    return _with_inputs(Found(one.hash, position, key, amount, asset), one.coin)


def _with_inputs(one: Found, coin: str | None) -> Found:
    return replace(one, inputs=(coin,) if coin else None)
