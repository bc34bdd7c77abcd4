"""Paying out: a program may ask, look and cancel; only the signed-in person confirms (POLICY 2.3.4)."""

from django.conf import settings

from activkode.core import ids
from activkode.core.money import coins, dollars, micros
from activkode.doors.machines import render, withdrawal_shapes
from activkode.doors.machines.queries import given
from activkode.doors.machines.rest.answers import before, carried_out_once, part
from activkode.doors.machines.rest.call import Answer, Ask
from activkode.funding.policy import BY_ASSET
from activkode.withdrawals import operations, read
from activkode.withdrawals.policy import State

_ALL = "all"


def request(ask: Ask) -> Answer:
    """POST /v1/withdrawals"""
    wanted: withdrawal_shapes.WithdrawalWanted = ask.body
    amount = None if wanted.amount == _ALL else micros(wanted.amount)

    def carry_out() -> withdrawal_shapes.Withdrawal:
        number = operations.request(ask.customer, wanted.asset, wanted.address, amount, channel="api")
        return _withdrawal(read.one(ask.customer, number))

    return carried_out_once(ask, withdrawal_shapes.Withdrawal, carry_out)


def page(ask: Ask) -> Answer:
    """GET /v1/withdrawals"""
    query: withdrawal_shapes.WithdrawalsQuery = ask.query
    found = read.page(
        ask.customer,
        state=given(query.state),
        before=before(query.cursor, ids.WITHDRAWAL),
        limit=query.limit + 1,
    )
    return part(found, query.limit, _withdrawal, lambda item: item.id)


def one(ask: Ask) -> Answer:
    """GET /v1/withdrawals/{id}"""
    return Answer(render.encode(_withdrawal(read.one(ask.customer, _id(ask)))))


def cancel(ask: Ask) -> Answer:
    """POST /v1/withdrawals/{id}/cancellation"""
    number = _id(ask)

    def carry_out() -> withdrawal_shapes.Withdrawal:
        operations.cancel(ask.customer, number)
        return _withdrawal(read.one(ask.customer, number))

    return carried_out_once(ask, withdrawal_shapes.Withdrawal, carry_out)


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
