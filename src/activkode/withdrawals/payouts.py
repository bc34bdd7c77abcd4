"""Takes an approved withdrawal to the chain and back: hands an unsigned transaction to a signer, takes the signed one,
broadcasts it, and looks until the chain proves what became of it. Every step is committed before the next begins, and may
be repeated at any time; must never hold a key.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from psycopg.types.json import Jsonb

from activkode.core import ids, sql
from activkode.core.errors import Code, Refusal
from activkode.withdrawals import costs, operations, read
from activkode.withdrawals.chains.base import Payer, Sight, Signed, Standing, Unsigned, Version, Wish
from activkode.withdrawals.policy import Kind
from activkode.withdrawals.read import Payout, Transaction

_TRIES = 3


def quote(payer: Payer, destination: str, amount: int) -> int | None:
    """What the network would take now for such a payout, in micro-dollars; None where there is no rate. Raises what the
    node raises (funding.chains.base.Away, Unusable), TryLater."""
    rate = costs.rate(payer.fee_coin)
    return None if rate is None else costs.micros(payer.cost(destination, amount), payer.fee_coin, rate)


def hand(
    customer_id: int,
    withdrawal_id: int,
    payer: Payer,
    *,
    by: str,
    ask: Callable[[Wish, Unsigned], None] = lambda _wish, _unsigned: None,
) -> int:
    """Builds the payout of an approved withdrawal and stores it with its unsigned transaction; from then on a signer may
    have it. The payout's id. Where the network costs more than was agreed to, the customer is asked instead. `ask` may
    still raise, with nothing begun, when the signer would not sign such a payout.

    Raises Refusal(not_found, wrong_state, account_suspended, email_changed, consent_awaited, being_signed,
    retry_not_decided, no_rate, wallet_moved, wallet_foreign), CannotPay, Away, Unusable, TryLater."""
    for _ in range(_TRIES):
        try:
            return _hand(customer_id, withdrawal_id, payer, by, ask)
        except Refusal as refusal:
            if refusal.code != Code.WALLET_MOVED:
                raise
    raise Refusal(Code.WALLET_MOVED)


def replace(payout: Payout, payer: Payer, *, kind: Kind, by: str) -> int:
    """Another transaction of a live payout: with a higher fee, or (kind void) back to ourselves. Its number. Raises
    Refusal(wrong_state, limit_reached, wallet_moved), CannotPay, Away, Unusable, TryLater."""
    known = read.transactions(payout.customer, payout.id)
    unsigned = payer.replace(wish_of(payout), unsigned_of(known[-1]), kind)
    told = _called(
        "select fn.payout_replace(%s, %s, %s, %s, %s)",
        (payout.customer, payout.id, kind, by, Jsonb(_stored(unsigned) | {"number": len(known) + 1})),
    )
    return int(told["number"])


def take_signed(transaction: Transaction, payer: Payer, raw: bytes, *, by: str) -> Signed:
    """Keeps a signed transaction, once it is proven to be the one that was handed out. The same bytes again are welcome.
    Raises Mismatch, Refusal(signed_otherwise, not_found), TryLater."""
    signed = payer.check(unsigned_of(transaction), raw)
    _called(
        "select fn.payout_sign(%s, %s, %s, %s, %s, %s)",
        (transaction.customer, transaction.payout, transaction.number, signed.tx, signed.raw, by),
    )
    return signed


def send(transaction: Transaction, payer: Payer) -> bool:
    """Gives the kept bytes to the node, after it is committed that they are about to go; whether they went. The node's
    answer is kept and decides nothing. Raises TryLater."""
    told = sql.value(
        "select fn.payout_send(%s, %s, %s)", (transaction.customer, transaction.payout, transaction.number)
    )
    if told is None:
        return False
    answer = payer.broadcast(Signed(told["tx"], bytes.fromhex(told["raw"])))
    sql.execute(
        "select fn.payout_answered(%s, %s, %s, %s, %s)",
        (transaction.customer, transaction.payout, transaction.number, answer.told, answer.words),
    )
    return True


def look(payout: Payout, payer: Payer) -> str:
    """What the chain says of a payout, carried out: paid, dead, or still to be waited for. The payout's state. Raises Away,
    Unusable, TryLater."""
    known = read.transactions(payout.customer, payout.id)
    signed = tuple(
        Version(each.kind, Signed(each.tx, each.raw), unsigned_of(each))
        for each in known
        if each.tx and each.raw
    )
    sight = payer.look(signed) if signed else Sight(Standing.UNKNOWN)
    if sight.standing is Standing.UNKNOWN and all(payer.expired(unsigned_of(each)) for each in known):
        sight = Sight(Standing.DEAD, proof=sight.proof | {"by": "expiry"})
    state: str = sql.value(
        "select fn.payout_seen(%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            payout.customer,
            payout.id,
            sight.standing,
            sight.tx,
            sight.height,
            sight.confirmations,
            sight.fee,
            Jsonb(sight.proof),
        ),
    )
    return state


def adopt(payer: Payer, *, actor: str, reason: str) -> int | None:
    """A person has compared the wallet with its chain: our count of its transactions goes on from the chain's. The next
    nonce, None where the wallet has none. Raises Away, Unusable, TryLater."""
    nonce: int | None = sql.value(
        "select fn.wallet_adopt(%s, %s, %s, %s)", (payer.wallet(), payer.next_nonce(), actor, reason)
    )
    return nonce


def wish_of(payout: Payout) -> Wish:
    """What a payout is to pay."""
    return Wish(
        ids.show(ids.PAYOUT, payout.id), payout.asset, payout.destination, payout.amount, payout.most_fee
    )


def unsigned_of(transaction: Transaction) -> Unsigned:
    """A stored transaction as the chain's code knows it."""
    return Unsigned(
        transaction.kind,
        transaction.body,
        transaction.spends,
        transaction.fee,
        transaction.fee_coin,
        transaction.expires_at,
    )


def _hand(
    customer_id: int, withdrawal_id: int, payer: Payer, by: str, ask: Callable[[Wish, Unsigned], None]
) -> int:
    plan = _called(
        "select fn.payout_plan(%s, %s, %s, %s)", (customer_id, withdrawal_id, payer.wallet(), payer.fee_coin)
    )
    fee_rate = Decimal(plan["fee_rate"])
    before = plan["gross_micros"] - plan["fee_micros"]
    cost = costs.micros(
        payer.cost(plan["address"], _amount(before - plan["network_micros"], plan)), payer.fee_coin, fee_rate
    )
    if costs.beyond(cost) > plan["network_micros"]:
        _called("select fn.withdrawal_quote(%s, %s, %s)", (customer_id, withdrawal_id, cost))
        raise Refusal(Code.CONSENT_AWAITED)
    network = costs.beyond(cost)  # cheaper than it was agreed to: the customer's
    wish = Wish(
        ids.show(ids.PAYOUT, plan["payout"]),
        payer.asset,
        plan["address"],
        _amount(before - network, plan),
        costs.units(costs.cap(network), payer.fee_coin, fee_rate),
    )
    chain_nonce = payer.next_nonce()
    nonce = chain_nonce if plan["nonce"] is None else plan["nonce"]  # the first time, where the chain stands
    unsigned = payer.build(wish, nonce, frozenset(plan["taken"]))
    ask(wish, unsigned)
    new = _stored(unsigned) | {
        "payout": plan["payout"],
        "wallet": payer.wallet(),
        "nonce": nonce,
        "chain_nonce": chain_nonce,
        "amount": wish.amount,
        "rate": plan["rate"],
        "rate_at": plan["rate_at"],
        "network_micros": network,
        "most_fee": wish.most_fee,
    }
    told = _called("select fn.payout_hand(%s, %s, %s, %s)", (customer_id, withdrawal_id, by, Jsonb(new)))
    return int(told["payout"])


def _amount(net_micros: int, plan: dict[str, Any]) -> int:
    return int(
        sql.value("select fn.payout_amount(%s, %s, %s)::text", (net_micros, plan["rate"], plan["decimals"]))
    )


def _stored(unsigned: Unsigned) -> dict[str, Any]:
    return {
        "body": unsigned.body,
        "spends": list(unsigned.spends),
        "fee": unsigned.fee,
        "fee_coin": unsigned.fee_coin,
        "expires_at": None if unsigned.expires_at is None else unsigned.expires_at.isoformat(),
    }


def _called(query: str, params: sql.Params) -> dict[str, Any]:
    told: dict[str, Any] = sql.value(query, params)
    if "refused" in told:
        raise operations.refusal(told)
    return told
