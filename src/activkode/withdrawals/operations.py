"""What customers and staff do with withdrawals; the SQL functions are the judges. Must never talk to a chain.

Every function raises TryLater when the database cannot be reached.
"""

from typing import Any

from activkode.core import sql
from activkode.core.errors import Code, Refusal
from activkode.core.money import dollars
from activkode.funding import read as funding
from activkode.funding.policy import BY_ASSET, Asset
from activkode.withdrawals import destinations
from activkode.withdrawals.policy import FIGURES, Figure

LONGEST_NOTE = 2_000


def request(
    customer_id: int, asset: Asset, address: str, gross_micros: int | None, *, channel: str, note: str = ""
) -> int:
    """Asks for a withdrawal; its id. Nothing is held before the customer confirms it (POLICY 2.3.4). `gross_micros` None is
    the whole cash balance; the fee is inside. The address is judged first (2.3.8).

    Raises Refusal(invalid_address, wrong_network, account_suspended, withdrawal_open, below_minimum,
    insufficient_balance)."""
    place = destinations.check(asset, address)
    if funding.is_ours(BY_ASSET[asset].chain, place.key):
        raise Refusal(
            Code.INVALID_ADDRESS,
            "This is an address for topping up here: paying to it would only lose the fee.",
        )
    told = _call(
        "select fn.withdrawal_request(%s, %s, %s, %s, %s, %s)",
        (customer_id, asset, place.address, gross_micros, channel, note[:LONGEST_NOTE]),
    )
    return int(told["id"])


def confirm(customer_id: int, withdrawal_id: int, quote_micros: int | None) -> str:
    """The customer's word, given signed in and proven again: reserves the gross, and agrees to the network's cost as it was
    shown. The state; repeated, the same. Raises Refusal(not_found, wrong_state, account_suspended,
    insufficient_balance, network_cost)."""
    return _state("select fn.withdrawal_confirm(%s, %s, %s)", (customer_id, withdrawal_id, quote_micros))


def consent(customer_id: int, withdrawal_id: int, quote_micros: int) -> str:
    """Agrees to a network cost above what was agreed to before (2.3.3), which is the one that was shown. Raises
    Refusal(not_found, wrong_state, account_suspended, price_rose, network_cost)."""
    return _state("select fn.withdrawal_consent(%s, %s, %s)", (customer_id, withdrawal_id, quote_micros))


def cancel(customer_id: int, withdrawal_id: int) -> str:
    """By the customer, until a signer may have it; repeated, the same. Raises Refusal(not_found, wrong_state, being_signed,
    account_suspended)."""
    return _state("select fn.withdrawal_cancel(%s, %s)", (customer_id, withdrawal_id))


def approve(customer_id: int, withdrawal_id: int, *, actor_id: int, actor: str) -> str:
    """One member of staff's yes (2.3.5). The state. Raises Refusal(not_found, forbidden, wrong_state, account_suspended,
    email_changed)."""
    return _state(
        "select fn.withdrawal_approve(%s, %s, %s, %s)", (customer_id, withdrawal_id, actor_id, actor)
    )


def reject(customer_id: int, withdrawal_id: int, *, actor_id: int, actor: str, reason: str) -> str:
    """Declines it; what was set aside is back. Raises Refusal(not_found, forbidden, wrong_state, being_signed,
    invalid_request)."""
    return _state(
        "select fn.withdrawal_reject(%s, %s, %s, %s, %s)",
        (customer_id, withdrawal_id, actor_id, actor, _reason(reason)),
    )


def waive_fee(customer_id: int, withdrawal_id: int, *, deposit_id: int, actor_id: int, actor: str) -> str:
    """Paid in twice by the customer: that top-up leaves without the fee (2.2.8). Raises Refusal(not_found, forbidden,
    wrong_state, too_late, invalid_request)."""
    return _state(
        "select fn.withdrawal_waive(%s, %s, %s, %s, %s)",
        (customer_id, withdrawal_id, deposit_id, actor_id, actor),
    )


def pay_again(customer_id: int, withdrawal_id: int, *, actor_id: int, actor: str, reason: str) -> str:
    """After a payout was proven dead: lets another one be made. Raises Refusal(not_found, forbidden, wrong_state,
    invalid_request)."""
    return _state(
        "select fn.payout_again(%s, %s, %s, %s, %s)",
        (customer_id, withdrawal_id, actor_id, actor, _reason(reason)),
    )


def give_back(customer_id: int, withdrawal_id: int, *, actor_id: int, actor: str, reason: str) -> str:
    """After every payout was proven dead: the amount returns to the balance. Raises Refusal(not_found, forbidden,
    wrong_state, invalid_request)."""
    return _state(
        "select fn.withdrawal_give_back(%s, %s, %s, %s, %s)",
        (customer_id, withdrawal_id, actor_id, actor, _reason(reason)),
    )


def lapse(limit: int) -> int:
    """Closes what was not confirmed or agreed to in time; how many."""
    closed: int = sql.value("select fn.withdrawals_lapse(%s)", (limit,))
    return closed


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Refusal(Code.INVALID_REQUEST, "A decision needs its reason.")
    return reason.strip()


def _state(query: str, params: tuple[Any, ...]) -> str:
    return str(_call(query, params)["state"])


def _call(query: str, params: tuple[Any, ...]) -> dict[str, Any]:
    told: dict[str, Any] = sql.value(query, params)
    if "refused" in told:
        raise refusal(told)
    return told


def refusal(told: dict[str, Any]) -> Refusal:
    """What a function of the database refused, with the figures that it named."""
    extra: dict[str, Any] = {}
    detail = told.get("detail", "")
    if "cash_micros" in told:
        extra["available"] = dollars(told["cash_micros"])
        extra["least"] = dollars(FIGURES[Figure.WITHDRAWAL_LEAST_MICROS])
        detail = detail or f"${extra['available']} can be withdrawn; the least is ${extra['least']}."
    if "open" in told:
        extra["withdrawal"] = f"wdr_{told['open']}"
        detail = f"There is an open one already: wdr_{told['open']}. Cancel it first, or wait for it."
    if "until" in told:
        extra["until"] = told["until"]
        detail = f"The e-mail address was changed lately: nothing is approved before {told['until']}."
    return Refusal(Code(told["refused"]), detail, extra)
