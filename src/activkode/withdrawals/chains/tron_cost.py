"""What a transfer of a token costs on TRON: energy for the contract's code, bandwidth for the bytes; of both, what is staked
covers as much as it reaches. In sun (a TRX has a million).
"""

from dataclasses import dataclass
from typing import Any

from activkode.funding.chains.base import Unusable
from activkode.withdrawals.chains.base import CannotPay
from activkode.withdrawals.chains.tron_forms import twenty_one
from activkode.withdrawals.chains.tron_http import TronHttp, number

# A signed transfer of ours, and what the node adds for its result (java-tron, MAX_RESULT_SIZE_IN_TX).
BYTES = 281 + 64
_MOST_ENERGY = 1_000_000
_MARGIN_PERCENT = 120  # prices per call rise while a contract is busy


@dataclass(frozen=True, slots=True)
class Cost:
    """What one transfer takes now. `staked` is how much energy the wallet has, `is_free` whether its bandwidth covers the
    bytes."""

    energy: int
    energy_price: int
    byte_price: int
    staked: int
    is_free: bool

    @property
    def now(self) -> int:
        """What would be burnt."""
        return max(0, self.energy - self.staked) * self.energy_price + (0 if self.is_free else self.bandwidth)

    @property
    def bandwidth(self) -> int:
        """What the bytes cost where nothing covers them."""
        return BYTES * self.byte_price

    def fee_limit(self, most_fee: int) -> int:
        """The most that its energy may be worth, staked or not: a fifth more than it takes now, within the cap less the
        bandwidth. Raises CannotPay where the cap does not cover it."""
        least, most = self.energy * self.energy_price, most_fee - self.bandwidth
        if most < least:
            raise CannotPay(f"it takes {least + self.bandwidth} sun; the cap allows {most_fee}")
        return min(least * _MARGIN_PERCENT // 100, most)


def cost_now(node: TronHttp, owner: str, contract: str, parameter: str) -> Cost:
    """The cost of transfer(address,uint256) with this parameter. Raises CannotPay where the contract would refuse it, Away,
    Unusable."""
    energy = number(
        call(node, owner, contract, "transfer(address,uint256)", parameter)["energy_used"], "energy"
    )
    figures = node.parameters()
    has = node.ask("wallet/getaccountresource", address=twenty_one(owner))
    if not 0 < energy <= _MOST_ENERGY:
        raise Unusable(f"a transfer would take {energy} energy")
    return Cost(
        energy,
        _positive(figures, "getEnergyFee"),
        _positive(figures, "getTransactionFee"),
        _left(has, "EnergyLimit", "EnergyUsed"),
        max(_left(has, "freeNetLimit", "freeNetUsed"), _left(has, "NetLimit", "NetUsed")) >= BYTES,
    )


def call(node: TronHttp, owner: str, contract: str, method: str, parameter: str) -> dict[str, Any]:
    """What a call of a contract would do, without doing it. Raises CannotPay where it would be refused, Away, Unusable."""
    answer = node.ask(
        "wallet/triggerconstantcontract",
        owner_address=twenty_one(owner),
        contract_address=twenty_one(contract),
        function_selector=method,
        parameter=parameter,
    )
    result, transaction = answer.get("result"), answer.get("transaction")
    if not isinstance(result, dict):
        raise Unusable("a call has no result")
    returned = transaction.get("ret") if isinstance(transaction, dict) else None
    has_failed = isinstance(returned, list) and any(
        isinstance(one, dict) and one.get("ret") == "FAILED" for one in returned
    )
    if result.get("result") is not True or result.get("code") or has_failed:
        raise CannotPay(f"the token's contract would refuse {method}: {str(result.get('message'))[:100]}")
    return dict(answer)


def _left(has: Any, limit: str, used: str) -> int:
    return max(0, number(has.get(limit), limit) - number(has.get(used), used))


def _positive(figures: dict[str, int], name: str) -> int:
    if found := number(figures.get(name), name):
        return found
    raise Unusable(f"the network has no {name}")
