"""What persons decide about deposits. All other changes are the chains' (watch.py)."""

from activkode.core import sql
from activkode.core.errors import Code, Refusal
from activkode.funding.policy import Event, Reason, State
from activkode.funding.read import Topup

DECISIONS = (Event.DECIDE_CREDIT, Event.DECIDE_CLOSE, Event.WRITE_OFF)


def open_decisions(one: Topup) -> tuple[Event, ...]:
    """What can be decided about a deposit now, for pages; fn.deposit_decide is the judge."""
    if one.state != State.UNDER_CASE:
        return ()
    is_short = one.reason == Reason.SHORTFALL
    found = {
        Event.DECIDE_CREDIT: one.asset is not None and one.block is not None,
        Event.DECIDE_CLOSE: not is_short,
        Event.WRITE_OFF: is_short and one.block is None,
    }
    return tuple(event for event, is_open in found.items() if is_open)


def decide(deposit_id: int, event: Event, *, actor: str, actor_id: int, why: str) -> str:
    """Ends a case: credited as others are, closed, or a shortfall written off; the new state. Nobody decides about a
    deposit of the own account. Raises Refusal(forbidden, wrong_state, invalid_request), TryLater."""
    assert event in DECISIONS
    if not why.strip():
        raise Refusal(Code.INVALID_REQUEST, "A decision needs its reason.")
    owner = sql.value("select customer_id from funding_deposit where id = %s", (deposit_id,))
    if owner == actor_id:
        raise Refusal(Code.FORBIDDEN, "Nobody decides about a deposit of the own account.")
    state: str | None = sql.value(
        "select fn.deposit_decide(%s, %s, %s, %s)", (deposit_id, event, actor, why.strip())
    )
    if state is None:
        raise Refusal(Code.WRONG_STATE, "This deposit cannot be decided that way now.")
    return state
