"""Paying out: a program may ask, look and cancel; only the signed-in person confirms (POLICY 2.3.4)."""

import msgspec
from django.conf import settings

from activkode.core import ids
from activkode.core.errors import Code
from activkode.core.idempotency import once
from activkode.core.money import coins, dollars, micros
from activkode.doors.machines import render, shapes, withdrawal_shapes
from activkode.doors.machines.queries import given
from activkode.doors.machines.rest.call import Answer, Ask
from activkode.funding.policy import BY_ASSET
from activkode.withdrawals import operations, read
from activkode.withdrawals.policy import State

_ALL = "all"


def request(ask: Ask) -> Answer:
    """POST /v1/withdrawals"""
    wanted: withdrawal_shapes.WithdrawalWanted = ask.body
    amount = None if wanted.amount == _ALL else micros(wanted.amount)

    def carry_out() -> dict[str, object]:
        number = operations.request(ask.customer, wanted.asset, wanted.address, amount, channel="api")
        return msgspec.to_builtins(_withdrawal(read.one(ask.customer, number)))  # type: ignore[no-any-return]

    told, replayed = once(ask.customer, ask.key, carry_out)
    return Answer(render.encode(msgspec.convert(told, withdrawal_shapes.Withdrawal)), replayed=replayed)


def page(ask: Ask) -> Answer:
    """GET /v1/withdrawals"""
    query: withdrawal_shapes.WithdrawalsQuery = ask.query
    cursor, state = given(query.cursor), given(query.state)
    found = read.page(
        ask.customer,
        state=state,
        before=None if cursor is None else ids.read(ids.WITHDRAWAL, cursor, Code.INVALID_REQUEST),
        limit=query.limit + 1,
    )
    items = [_withdrawal(one) for one in found[: query.limit]]
    return Answer(render.encode(shapes.Page(items, items[-1].id if len(found) > query.limit else None)))


def one(ask: Ask) -> Answer:
    """GET /v1/withdrawals/{id}"""
    return Answer(render.encode(_withdrawal(read.one(ask.customer, _id(ask)))))


def cancel(ask: Ask) -> Answer:
    """POST /v1/withdrawals/{id}/cancellation"""
    number = _id(ask)

    def carry_out() -> dict[str, object]:
        operations.cancel(ask.customer, number)
        return msgspec.to_builtins(_withdrawal(read.one(ask.customer, number)))  # type: ignore[no-any-return]

    told, replayed = once(ask.customer, ask.key, carry_out)
    return Answer(render.encode(msgspec.convert(told, withdrawal_shapes.Withdrawal)), replayed=replayed)


def _id(ask: Ask) -> int:
    return ids.read(ids.WITHDRAWAL, ask.path["id"])


def _withdrawal(one: read.Withdrawal) -> withdrawal_shapes.Withdrawal:
    number = ids.show(ids.WITHDRAWAL, one.id)
    asks = one.state == State.REQUESTED
    return withdrawal_shapes.Withdrawal(
        id=number,
        asset=one.asset,
        network_name=BY_ASSET[one.asset].network,
        address=one.address,
        amount=dollars(one.gross_micros),
        fee=dollars(one.fee_micros),
        network=dollars(one.network_micros),
        pays=dollars(one.net_micros),
        state=one.state,
        requested_at=render.time(one.requested_at),
        confirm_by=render.when(one.consent_by if asks else None),
        confirmed_at=render.when(one.confirmed_at),
        due_at=render.when(one.due_at),
        first_due_at=render.when(one.first_due_at),
        paused_at=render.when(one.paused_at),
        network_quote=None if one.quote_micros is None else dollars(one.quote_micros),
        agree_by=render.when(one.consent_by if one.asks_consent else None),
        waits_until=render.when(one.waits_until if one.is_open else None),
        suspended=one.frozen and one.is_open,
        approvals=withdrawal_shapes.Approvals(
            len(read.approvals(one.customer, one.id)), one.approvals_wanted
        ),
        approved_at=render.when(one.approved_at),
        signed_at=render.when(one.signed_at),
        broadcast_at=render.when(one.broadcast_at),
        closed_at=render.when(one.closed_at),
        reason=one.reason or None,
        payment=_payment(one),
        can=withdrawal_shapes.WithdrawalCan(one.can_cancel, one.can_confirm, one.asks_consent),
        confirm_url=f"{settings.PUBLIC_URL}/withdrawals/{number}/",
        policy_version=one.policy_version,
    )


def _payment(one: read.Withdrawal) -> withdrawal_shapes.Payment | None:
    attempts = read.payouts(one.customer, one.id)
    if not attempts:
        return None
    last = attempts[-1]
    kept = [each.tx for each in read.transactions(last.customer, last.id) if each.tx]
    return withdrawal_shapes.Payment(
        amount=coins(last.amount, BY_ASSET[last.asset].decimals),
        rate=last.rate,
        transaction=last.tx or (kept[-1] if kept else None),
        confirmations=last.confirmations,
        sent_at=render.when(last.sent_at),
    )
