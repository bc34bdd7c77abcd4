"""What became of a payout on TRON: what is solid decides, and of that the transfer's own log. A node's word "success" on
taking a transaction proves nothing, nor does its not knowing one, before the transaction has expired for good.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from activkode.funding.chains.base import Unusable
from activkode.funding.chains.evm_forms import TRANSFER
from activkode.withdrawals.chains.base import Sight, Standing, Version
from activkode.withdrawals.chains.tron_forms import Transfer, transfer_of
from activkode.withdrawals.chains.tron_http import Block, TronHttp, hash_of, number
from activkode.withdrawals.policy import FIGURES, Figure

_MARGIN = FIGURES[Figure.DEAD_MARGIN_SECONDS] * 1000
_SUCCESS = "SUCCESS"


def look(nodes: Sequence[TronHttp], versions: tuple[Version, ...]) -> Sight:
    """Where the payout stands. It has one transaction: TRON replaces none. Raises Away, Unusable."""
    node, version = nodes[0], versions[-1]
    tx = version.signed.tx
    solid = node.solid()
    if info := node.ask("walletsolidity/gettransactioninfobyid", value=tx):
        return _settled(info, tx, transfer_of(version.unsigned.body), solid)
    if info := node.ask("wallet/gettransactioninfobyid", value=tx):
        height = number(info.get("blockNumber"), "a height")
        depth = max(1, node.head().height - height + 1)
        return Sight(Standing.MINED, tx, height, depth, number(info.get("fee"), "a fee"))
    if proof := proof_of_expiry(nodes, transfer_of(version.unsigned.body)):
        return Sight(Standing.DEAD, proof=proof)
    if node.ask("wallet/gettransactionfrompending", value=tx):
        return Sight(Standing.PENDING, tx)
    return Sight(Standing.UNKNOWN)


def proof_of_expiry(nodes: Sequence[TronHttp], transfer: Transfer) -> dict[str, Any] | None:
    """The facts by which no block holds the transaction and none can take it any more: on each node, a solid block from well
    after its expiry, and after that no knowledge of it. None where that is not so. Raises Away, Unusable."""
    tx, facts = transfer.txid(), []
    for node in nodes:
        node.must_be_on_network()
        solid = node.solid()
        if solid.milliseconds <= transfer.expiration + _MARGIN or node.knows(tx):
            return None
        facts.append(
            {"solid": solid.height, "id": solid.id, "milliseconds": solid.milliseconds, "knows": False}
        )
    return {"expired": transfer.expiration, "tx": tx, "nodes": facts}


def _settled(info: Mapping[str, Any], tx: str, transfer: Transfer, solid: Block) -> Sight:
    if hash_of(info.get("id"), "a transaction's id") != tx:
        raise Unusable("the node tells of another transaction")
    receipt = info.get("receipt")
    if not isinstance(receipt, dict):
        raise Unusable("a transaction has no receipt")
    height, result = number(info.get("blockNumber"), "a height"), receipt.get("result")
    if not 0 < height <= solid.height:
        raise Unusable(f"a solid transaction stands in block {height}, above the solid block {solid.height}")
    proof = {"height": height, "result": result, "solid": solid.height, "solid_id": solid.id}
    fee, depth = number(info.get("fee"), "a fee"), solid.height - height + 1
    return Sight(_standing(info, result, transfer), tx, height, depth, fee, proof)


def _standing(info: Mapping[str, Any], result: Any, transfer: Transfer) -> Standing:
    if result != _SUCCESS or info.get("result") == "FAILED":
        # OUT_OF_ENERGY, REVERT and the others moved nothing but the fee. What is not said is not known.
        if not isinstance(result, str) or result in ("DEFAULT", "UNKNOWN", _SUCCESS):
            raise Unusable("a solid transaction has no clear result")
        return Standing.FAILED
    if any(_is_log_of(log, transfer) for log in info.get("log") or []):
        return Standing.CONFIRMED
    raise Unusable("a solid transaction succeeded without the transfer's log")


def _is_log_of(log: Any, transfer: Transfer) -> bool:
    wanted = [TRANSFER[2:], *(party[2:].rjust(64, "0") for party in (transfer.owner, transfer.to))]
    return (
        isinstance(log, dict)
        and log.get("address") == transfer.contract[2:]
        and log.get("topics") == wanted
        and log.get("data") == f"{transfer.amount:064x}"
    )
