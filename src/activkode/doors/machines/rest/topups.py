"""Paying in: addresses to pay to, and what became of payments. Must never decide what counts; funding does."""

from activkode.core import ids
from activkode.core.money import coins, dollars
from activkode.doors.machines import render, topup_shapes
from activkode.doors.machines.queries import given
from activkode.doors.machines.rest.answers import before, carried_out_once, part
from activkode.doors.machines.rest.call import Answer, Ask
from activkode.funding import addresses, read
from activkode.funding.policy import ASSETS, BY_ASSET, BY_CHAIN, AssetRule, Reason, State

_NETWORKS = {rule.chain: rule.network for rule in ASSETS}


def give_address(ask: Ask) -> Answer:
    """POST /v1/deposit-addresses"""
    wanted: topup_shapes.AddressWanted = ask.body
    return carried_out_once(
        ask,
        topup_shapes.DepositAddress,
        lambda: _address(addresses.give(ask.customer, wanted.asset, wanted.keychain)),
    )


def page(ask: Ask) -> Answer:
    """GET /v1/topups"""
    query: topup_shapes.TopupsQuery = ask.query
    state = given(query.state)
    found = read.topups(
        ask.customer,
        states=None if state is None else [state],
        before=before(query.cursor, ids.DEPOSIT),
        limit=query.limit + 1,
    )
    return part(found, query.limit, _topup, lambda item: item.id)


def one(ask: Ask) -> Answer:
    """GET /v1/topups/{id}"""
    return Answer(render.encode(_topup(read.topup(ask.customer, ids.read(ids.DEPOSIT, ask.path["id"])))))


def _address(one: addresses.DepositAddress) -> topup_shapes.DepositAddress:
    rule, chain = BY_ASSET[one.asset], BY_CHAIN[BY_ASSET[one.asset].chain]
    return topup_shapes.DepositAddress(
        asset=one.asset,
        network=one.network,
        address=one.address,
        uri=one.uri,
        keychain=one.keychain,
        least=dollars(one.least_micros),
        confirmations=topup_shapes.Confirmations(
            chain.confirmations,
            chain.final_only,
            dollars(chain.deep_above_micros),
            topup_shapes.Depth(chain.deep_confirmations, chain.deep_final),
        ),
        created_at=render.time(one.created_at),
        warnings=_warnings(rule, one.least_micros),
    )


def _warnings(rule: AssetRule, least_micros: int) -> list[str]:
    return [
        f"Send only {rule.name} ({rule.asset}) and only over the network {rule.network}. Anything else may be lost.",
        f"Payments below {dollars(least_micros)} dollars are kept and credited once they add up to it.",
        "What is credited is dollars, by the rate at the moment of crediting; it stands on the receipt.",
    ]


def _topup(one: read.Topup) -> topup_shapes.Topup:
    waits = one.credited_micros is None and one.expected_micros is not None
    return topup_shapes.Topup(
        id=ids.show(ids.DEPOSIT, one.id),
        asset=one.asset,
        network=_NETWORKS[one.chain],
        address=one.address,
        tx=one.tx,
        position=one.position,
        amount=None if one.asset is None else coins(one.amount, BY_ASSET[one.asset].decimals),
        units=str(one.amount),
        token=one.token or None,
        state=State(one.state),
        reason=None if one.reason is None else Reason(one.reason),
        confirmations=one.confirmations,
        confirmations_wanted=one.wanted,
        expected=dollars(one.expected_micros or 0) if waits else None,
        credited=None if one.credited_micros is None else dollars(one.credited_micros),
        credited_at=None if one.credited_at is None else render.time(one.credited_at),
        reversed=dollars(one.reversed_micros) if one.reversed_micros else None,
        reversed_at=None if one.reversed_at is None else render.time(one.reversed_at),
        rate=_rate(one),
        seen_at=render.time(one.seen_at),
        mined_at=None if one.mined_at is None else render.time(one.mined_at),
        block=None if one.height is None or one.block is None else topup_shapes.Block(one.height, one.block),
        replaced_by=one.replaced_by,
        policy_version=one.policy_version,
    )


def _rate(one: read.Topup) -> topup_shapes.Rate | None:
    if one.rate is None:
        return None
    at = None if one.rate_at is None else render.time(one.rate_at)
    return topup_shapes.Rate(render.decimal(one.rate), at, one.rate_sources or [])
