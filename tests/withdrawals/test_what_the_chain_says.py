"""What becomes of a payout on its chain: unknown, failed, void, replaced, expired. Only a proof ends it (2.3.7)."""

import psycopg
import pytest
from django.db import transaction
from psycopg.types.json import Jsonb

import cast
from activkode.core import sql
from activkode.core.errors import Code
from activkode.funding.policy import Asset
from activkode.identity.models import User
from activkode.withdrawals import operations, payouts, read
from activkode.withdrawals.chains.base import Told
from activkode.withdrawals.policy import Kind, PayoutState, State
from withdrawals import scripted
from withdrawals.scripted import OTHER, FakePayer, refuses, shift, sign, wallet

pytestmark = pytest.mark.django_db


def test_unknown_is_a_state_and_the_same_bytes_go_again(alice: User) -> None:
    payer = FakePayer(told=Told.UNANSWERED, takes=False)
    one, payout, transaction = scripted.sent(alice, payer)
    assert payouts.look(payout, payer) == PayoutState.SENT
    assert not payouts.send(transaction, payer)  # not due yet
    shift("1 minute")
    assert payouts.send(transaction, payer)
    assert len(set(payer.broadcasts)) == 1
    assert len(payer.broadcasts) == 2
    olga = scripted.staff("olga")
    named = {"actor_id": olga.id, "actor": olga.email, "reason": "x"}
    refuses(Code.WRONG_STATE, operations.give_back, alice.id, one.id, **named)
    refuses(Code.WRONG_STATE, operations.pay_again, alice.id, one.id, **named)


def test_a_failed_receipt_keeps_the_amount_until_a_person_decides(alice: User) -> None:
    payer = FakePayer()
    one, payout, transaction = scripted.sent(alice, payer)
    payer.mined[transaction.tx or ""] = 12
    payer.failed.add(transaction.tx or "")
    assert payouts.look(payout, payer) == PayoutState.DEAD
    assert (read.one(alice.id, one.id).state, wallet(alice)) == (State.BROADCAST, ("280.00", "20.00"))
    refuses(Code.RETRY_NOT_DECIDED, payouts.hand, alice.id, one.id, payer, by="clock")
    olga = scripted.staff("olga")
    operations.pay_again(alice.id, one.id, actor_id=olga.id, actor=olga.email, reason="out of gas")
    payouts.hand(alice.id, one.id, payer, by="clock")
    _, second, transaction = scripted.latest(alice, one.id)
    assert second.nonce == 1
    payouts.take_signed(transaction, payer, sign(payouts.unsigned_of(transaction)), by="signer")
    payouts.send(scripted.latest(alice, one.id)[2], payer)
    payer.mined[scripted.latest(alice, one.id)[2].tx or ""] = 12
    assert payouts.look(second, payer) == PayoutState.CONFIRMED
    assert read.one(alice.id, one.id).state == State.PAID


def test_a_void_that_is_mined_lets_the_amount_return(alice: User) -> None:
    payer = FakePayer()
    one, payout, _ = scripted.sent(alice, payer)
    number = payouts.replace(payout, payer, kind=Kind.VOID, by="olga")
    void = read.transactions(alice.id, payout.id)[number - 1]
    # Not signed yet: what looks like a stranger's spending may be this one, or the payment itself.
    payer.consumed.add("0xours:0")
    assert payouts.look(payout, payer) == PayoutState.SENT
    payer.consumed.clear()
    payouts.take_signed(void, payer, sign(payouts.unsigned_of(void)), by="signer")
    payer.mined[read.transactions(alice.id, payout.id)[number - 1].tx or ""] = 12
    assert payouts.look(payout, payer) == PayoutState.DEAD
    olga = scripted.staff("olga")
    operations.give_back(alice.id, one.id, actor_id=olga.id, actor=olga.email, reason="voided")
    assert (read.one(alice.id, one.id).state, wallet(alice)) == (State.RETURNED, ("300.00", "0.00"))


def test_of_a_payout_and_its_bump_whichever_is_mined_pays_once(alice: User) -> None:
    payer = FakePayer()
    _, payout, first = scripted.sent(alice, payer)
    number = payouts.replace(payout, payer, kind=Kind.PAY, by="clock")
    bump = read.transactions(alice.id, payout.id)[number - 1]
    payouts.take_signed(bump, payer, sign(payouts.unsigned_of(bump)), by="signer")
    payer.mined[first.tx or ""] = 12
    assert payouts.look(payout, payer) == PayoutState.CONFIRMED
    assert payouts.look(payout, payer) == PayoutState.CONFIRMED
    assert wallet(alice) == ("280.00", "0.00")


def test_an_unsigned_transaction_that_expired_is_made_anew_by_itself(alice: User) -> None:
    payer = FakePayer(expires=scripted.in_days(1))
    one, payout, _ = scripted.handed(alice, payer)
    payer.is_expired = True
    assert payouts.look(payout, payer) == PayoutState.DEAD
    payouts.hand(alice.id, one.id, payer, by="clock")
    assert read.one(alice.id, one.id).state == State.APPROVED


def test_without_an_expiry_what_is_with_a_signer_never_dies(alice: User) -> None:
    payer = FakePayer()
    _, payout, _ = scripted.handed(alice, payer)
    payer.consumed.add("0xours:0")
    assert payouts.look(payout, payer) == PayoutState.HANDED


def test_nonces_are_the_databases_and_begin_where_the_chain_stands(alice: User) -> None:
    payer = FakePayer(foreign=7)
    bob = cast.person("bob")
    cast.fund(bob, "100.00")
    assert scripted.handed(alice, payer)[1].nonce == 7
    assert scripted.handed(bob, payer)[1].nonce == 8


def test_a_wallet_whose_chain_knows_more_than_we_do_pays_nothing_until_a_person_has_looked(
    alice: User,
) -> None:
    """FAILURES O04: a restored database has forgotten payouts, and would make them again."""
    payer = FakePayer()
    bob = cast.person("bob")
    cast.fund(bob, "100.00")
    scripted.handed(alice, payer)
    payer.foreign = 3
    number = scripted.approved(bob)
    refuses(Code.WALLET_FOREIGN, payouts.hand, bob.id, number, payer, by="clock")
    assert payouts.adopt(payer, actor="olga", reason="paid by hand") == 3
    payouts.hand(bob.id, number, payer, by="clock")
    assert read.payouts(bob.id, number)[-1].nonce == 3


def test_paid_in_twice_one_leaves_without_the_fee(alice: User) -> None:
    olga = scripted.staff("olga")
    number = scripted.requested(alice, "40.00")
    sql.execute("set local role none")
    sql.execute(
        "insert into funding_deposit (id, chain, tx, position, customer_id, address, asset, token, amount, state, note, accepted, seen_at,"
        " credited_micros, credited_at, reversed_micros, restored_micros, written_off_micros, policy_version)"
        " select n, 'bitcoin', n::text, 0, %s, 'x', 'BTC', '', 1, 'ignored', '', false, fn.now(), 40000000,"
        " fn.now() - (n || ' days')::interval, 0, 0, 0, 3 from unnest(array[6, 8]) n",
        (alice.id,),
    )
    sql.execute("update funding_deposit set state = 'credited' where false")
    sql.execute("alter table funding_deposit disable trigger edges")
    sql.execute("update funding_deposit set state = 'credited'")
    named = {"actor_id": olga.id, "actor": olga.email}
    refuses(Code.TOO_LATE, operations.waive_fee, alice.id, number, deposit_id=8, **named)
    operations.waive_fee(alice.id, number, deposit_id=6, **named)
    assert read.one(alice.id, number).net_micros == 40_000_000
    sql.execute("delete from funding_deposit")
    sql.execute("alter table funding_deposit enable trigger edges")


def test_other_addresses_have_no_say_in_what_was_confirmed(alice: User) -> None:
    number = scripted.confirmed(alice)
    sql.execute("set local role none")
    with pytest.raises(psycopg.errors.CheckViolation, match="keeps what was confirmed"), transaction.atomic():
        sql.execute("update withdrawals_withdrawal set address = %s where id = %s", (OTHER, number))


def test_an_asset_without_a_rate_waits(alice: User) -> None:
    number = scripted.approved(alice)
    shift("10 minutes")
    refuses(Code.NO_RATE, payouts.hand, alice.id, number, FakePayer(), by="clock")
    (turn,) = read.to_hand(Asset.ETH, limit=5)
    assert (turn.customer, turn.withdrawal) == (alice.id, number)


def test_paying_again_at_a_higher_cost_asks_the_customer_first(alice: User) -> None:
    payer = FakePayer()
    one, payout, transaction = scripted.sent(alice, payer)
    payer.mined[transaction.tx or ""] = 12
    payer.failed.add(transaction.tx or "")
    payouts.look(payout, payer)
    olga = scripted.staff("olga")
    operations.pay_again(alice.id, one.id, actor_id=olga.id, actor=olga.email, reason="out of gas")
    payer.units_cost = 36 * 10**14  # $7.20
    refuses(Code.CONSENT_AWAITED, payouts.hand, alice.id, one.id, payer, by="clock")
    assert read.one(alice.id, one.id).asks_consent
    operations.consent(alice.id, one.id, 7_200_000)
    payouts.hand(alice.id, one.id, payer, by="clock")
    assert read.payouts(alice.id, one.id)[-1].net_micros == 12_800_000


def test_a_payout_is_not_handed_out_by_a_rate_that_was_never_ours(alice: User) -> None:
    number = scripted.approved(alice)
    plan = sql.value("select fn.payout_plan(%s, %s, 'w', 'ETH')", (alice.id, number))
    made = {"payout": plan["payout"], "wallet": "w", "nonce": 0, "chain_nonce": 0, "network_micros": 0, "most_fee": 1,
            "rate": "1", "rate_at": plan["rate_at"], "amount": str(15 * 10**18), "body": {}, "spends": ["w:0"],
            "fee": 1, "fee_coin": "ETH", "expires_at": None}  # fmt: skip
    told = sql.value("select fn.payout_hand(%s, %s, 'mallory', %s)", (alice.id, number, Jsonb(made)))
    assert told["refused"] == "no_rate"
