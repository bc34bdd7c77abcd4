"""Each invariant catches a violation that was planted by going round every guard; a clean database has none."""

from collections.abc import Callable

import psycopg
import pytest

import books
import cast
from activkode.activations import operations
from activkode.activations.operations import Rent
from activkode.activations.policy import Event
from activkode.core import outbox, sql
from activkode.funding.policy import Asset, Chain
from activkode.funding.watch import Watcher
from activkode.identity.models import User
from activkode.intake import deliver
from activkode.intake.messages import Inbound, Kind
from activkode.ledger import audit
from activkode.support import operations as support
from activkode.support import policy as cases
from activkode.support.operations import Opening, Staff, Verdict
from activkode.withdrawals import payouts
from funding.scripted import BTC, FakeChain, address, payment, price
from withdrawals import scripted
from withdrawals.scripted import FakePayer

Connection = psycopg.Connection[tuple[object, ...]]
FULL_ONLY = {"03_books_are_zero", "24_audit_log_chain"}


@pytest.fixture
def life(db: None) -> None:
    """One activation of each kind of end, a promo, a mail, some lines in the audit log."""
    cast.shelf()
    alice = cast.person("alice")
    cast.fund(alice, "50.00")
    cast.fund(alice, "1.00", promo=True)
    cancelled, coded, expired = (operations.open(alice.id, Rent("shop", "GB")).activation for _ in range(3))
    operations.apply(alice.id, cancelled.id, Event.CANCEL)
    text = "Your Shop code is 481920"
    deliver.settle(deliver.receive(Inbound("carl", "1", Kind.SMS, coded.address, "Shop", b"", text)))
    sql.execute("select set_config('activkode_test.shift', '1201 seconds', false)")
    operations.expire_due(10)
    sql.execute("select set_config('activkode_test.shift', '', false)")
    operations.open(alice.id, Rent("plain", "GB"))
    assert expired.state == "waiting"
    outbox.put_mail("alice@people.example", "Hello", "Hello")
    _topups(alice)
    _withdrawals()
    _cases()


def _withdrawals() -> None:
    """One that was paid on the word of two, and one that is set aside."""
    walter, payer = cast.person("walter"), FakePayer()
    cast.fund(walter, "500.00")
    scripted.rates()
    _, payout, transaction = scripted.sent(walter, payer, "200.00")
    payer.mined[transaction.tx or ""] = 12
    payouts.look(payout, payer)
    scripted.confirmed(walter)


def _cases() -> None:
    """One that gave a price back, one that moved a credit to its right owner, one that waits."""
    carla, olga = cast.person("carla"), Staff(cast.person("oda").id, "oda")
    cast.fund(carla, "5.00")
    one = operations.open(carla.id, Rent("slow", "GB")).activation
    deliver.settle(
        deliver.receive(Inbound("carl", "2", Kind.SMS, one.address, "Slow", b"", "Your Slow code is 481920"))
    )
    opening = Opening(
        cases.Kind.TECHNICAL_ERROR, cases.Channel.API, "It failed.", carla.id, activation_id=one.id
    )
    ours = Verdict(cases.Outcome.GRANTED, "refund.our_fault", "Ours.")
    support.decide(support.open(opening).case_id, ours, staff=olga)
    wrong = support.open(
        Opening(cases.Kind.WRONG_ACCOUNT_TOPUP, cases.Channel.API, "I paid it.", carla.id)
    ).case_id
    deposit = sql.value("select id from funding_deposit where tx = 'credited'")
    support.link(wrong, staff=olga, deposit_id=deposit)
    support.decide(wrong, Verdict(cases.Outcome.GRANTED, "refund.wrong_account", "Hers."), staff=olga)
    support.open(Opening(cases.Kind.OTHER, cases.Channel.API, "Hello?", carla.id))


def _topups(alice: User) -> None:
    """A deposit that is credited, one that is too small, one that a fork took back, one that waits."""
    address(alice, "btc_p2wpkh", Chain.BITCOIN, Asset.BTC)
    chain, _ = FakeChain(), price(Asset.BTC, "50000")
    watcher = Watcher(chain)
    watcher.round()
    chain.mine(payment("gone", BTC // 1000), count=3)
    watcher.round()
    chain.fork(3)
    chain.mine(payment("credited", BTC // 1000), payment("small", 100), count=20)
    chain.mine(payment("waits", BTC))
    watcher.round()


def _one(state: str) -> str:
    return f"(select id from activations_activation where state = '{state}' limit 1)"


# One or more statements that break each invariant and, as far as can be, nothing else.
PLANTED: dict[str, str] = {
    "01_wallet_equals_transfers": "update ledger_wallet set cash = cash + 1",
    "02_balances_follow": "update ledger_transfer set cash_after = cash_after + 1 where seq = 2",
    "03_books_are_zero": "update ledger_wallet set cash = cash + 1",
    "04_one_hold_one_end": f"update ledger_transfer set amount_micros = amount_micros - 1 where movement = 'capture'"
    f" and reference_id = {_one('completed')} and purse = 'cash'",
    "05_state_and_money": "update activations_activation set state = 'cancelled' where state = 'waiting'",
    "06_same_purse": "update ledger_transfer set purse = 'promo' where movement = 'release' and purse = 'cash'"
    " and not exists (select from ledger_transfer t where t.reference_id = ledger_transfer.reference_id and t.purse = 'promo')",
    "07_held_equals_open": "update ledger_wallet set held = held + 1, cash = cash - 1 where cash > 0",
    "08_promise_kept": "update activations_activation set refunded_at = closed_at + interval '3 minutes' where state = 'expired'",
    "09_code_or_refund": "update activations_activation set state = 'cancelled' where state = 'completed'",
    "10_right_customer": "update supply_lease set customer_id = customer_id + 1",
    "11_one_fate": "delete from intake_fate",
    "12_leases_apart": "insert into supply_lease select activation_id + 1000000, customer_id, service_id, offer_id, kind, address,"
    " number_id, starts_at + interval '1 second', ends_at, released_at, blocked_until, false from supply_lease",
    "13_credited_once": "update funding_deposit set credited_micros = credited_micros + 1 where tx = 'credited'",
    "14_rate_and_credit": "update funding_deposit set rate = rate * 2 where tx = 'credited'",
    "15_blocks_and_fates": "update funding_block set canonical = false where height = 3 and canonical",
    "16_addresses_apart": "update funding_keychain set next_index = 1",
    "17_orphans_reversed": "update funding_block b set canonical = false from funding_deposit d where d.block = b.hash and d.tx = 'credited'",
    "18_paid_by_one_payout": "update withdrawals_payout set state = 'dead' where state = 'confirmed'",
    "19_withdrawing_equals_open": "update ledger_wallet set withdrawing = withdrawing - 1, cash = cash + 1 where withdrawing > 0",
    "20_checked_before_it_leaves": "delete from withdrawals_approval where actor_id = (select max(actor_id) from withdrawals_approval)",
    "21_suspended_opens_nothing": "insert into identity_suspension (customer_id, at, actor, reason, lifted_by)"
    " select customer_id, opened_at - interval '1 minute', 'x', 'x', '' from activations_activation limit 1",
    "22_late_is_escalated": "update support_case set due_at = due_at - interval '10 days' where state = 'open'",
    "23_outbox_moves": "update core_outbox set created_at = created_at - interval '6 minutes'",
    "24_audit_log_chain": "update core_audit_log set actor = 'mallory' where id = 2",
}

# More ways to break an invariant than one.
NEIGHBOURS: list[tuple[str, str]] = [
    ("01_wallet_equals_transfers", "delete from ledger_transfer where seq = (select max(seq) from ledger_transfer)"),
    ("01_wallet_equals_transfers", "delete from ledger_wallet"),
    ("02_balances_follow", "delete from ledger_transfer where seq = 3"),
    ("04_one_hold_one_end", "delete from activations_activation where state = 'expired'"),
    ("04_one_hold_one_end", "delete from ledger_transfer where movement = 'hold' and seq > 3"),
    ("05_state_and_money", "delete from ledger_transfer where movement = 'release'"),
    ("08_promise_kept", "update activations_activation set expires_at = expires_at - interval '1 hour' where state = 'waiting'"),
    ("08_promise_kept", "update activations_activation set refunded_at = null where state = 'cancelled'"),
    ("09_code_or_refund", "update activations_activation set state = 'expired' where state = 'completed'"),
    ("10_right_customer", "update intake_original set recipient = '447700900999'"),
    ("10_right_customer", "update intake_original set received_at = received_at - interval '1 day'"),
    ("11_one_fate", "update intake_fate set fate = 'pending'; update intake_original set received_at = received_at - interval '6 minutes'"),
    ("11_one_fate", "update intake_fate set fate = 'eaten'"),
    ("13_credited_once", "delete from ledger_transfer where movement = 'topup_btc' and reference_id = (select id from funding_deposit where tx = 'credited')"),
    ("13_credited_once", "update funding_address set customer_id = customer_id + 1"),
    ("13_credited_once", "update funding_deposit set asset = 'ETH' where tx = 'credited'"),
    ("13_credited_once", "update ledger_transfer set movement = 'topup_eth' where movement = 'topup_btc'"),
    ("13_credited_once", "update ledger_transfer set reference_id = 7 where movement = 'topup_btc' and reference_id = (select id from funding_deposit where tx = 'credited')"),
    ("13_credited_once", "update funding_deposit set state = 'reversed' where tx = 'credited'"),
    ("13_credited_once", "update funding_deposit set state = 'accumulating' where tx = 'credited'"),
    ("13_credited_once", "delete from funding_deposit where tx = 'credited'"),
    ("14_rate_and_credit", "update funding_deposit set rate_at = rate_at - interval '3 minutes' where tx = 'credited'"),
    ("14_rate_and_credit", "update funding_deposit set rate_at = null where tx = 'credited'"),
    ("15_blocks_and_fates", "update funding_block set parent = 'elsewhere' where height = 3 and canonical"),
    ("15_blocks_and_fates", "delete from funding_block where height = 3 and canonical"),
    ("15_blocks_and_fates", "update funding_chain set cursor_height = cursor_height - 1"),
    ("15_blocks_and_fates", "update funding_chain set cursor_hash = (select hash from funding_block where height = 3 and canonical)"),
    ("15_blocks_and_fates", "update funding_deposit set state = 'confirming' where tx = 'small'; update funding_block set read_at = read_at - interval '6 minutes'"),
    ("17_orphans_reversed", "update funding_deposit set block = null where tx = 'credited'"),
    ("17_orphans_reversed", "update funding_deposit set block = null, unmined_at = now() - interval '6 minutes' where tx = 'credited'"),
    ("18_paid_by_one_payout", "delete from withdrawals_payout"),
    ("18_paid_by_one_payout", "update withdrawals_payout set state = 'sent'"),
    ("18_paid_by_one_payout", "update withdrawals_payout set tx = 'of nobody' where state = 'confirmed'"),
    ("18_paid_by_one_payout", "update withdrawals_transaction set kind = 'void'"),
    ("19_withdrawing_equals_open", "update withdrawals_withdrawal set state = 'cancelled' where state = 'confirmed'"),
    ("19_withdrawing_equals_open", "delete from ledger_transfer where movement = 'withdrawal_fee'"),
    ("19_withdrawing_equals_open", "update ledger_transfer set amount_micros = amount_micros + 1 where movement = 'withdrawal_pay_eth'"),
    ("19_withdrawing_equals_open", "update ledger_transfer set movement = 'withdrawal_network' where movement = 'withdrawal_fee'"),
    ("19_withdrawing_equals_open", "delete from withdrawals_withdrawal where state = 'paid'"),
    ("19_withdrawing_equals_open", "update ledger_transfer set reference_id = 7 where movement = 'withdrawal_reserve' and amount_micros = 20000000"),
    ("20_checked_before_it_leaves", "update withdrawals_approval set actor_id = customer_id where actor_id = (select max(actor_id) from withdrawals_approval)"),
    ("20_checked_before_it_leaves", "update withdrawals_withdrawal set fee_micros = 1 where state = 'paid'"),
    ("20_checked_before_it_leaves", "update withdrawals_withdrawal set gross_micros = 19990000 where state = 'confirmed'"),
    ("20_checked_before_it_leaves", "update withdrawals_withdrawal set confirmed_at = null where state = 'paid'"),
    ("20_checked_before_it_leaves", "update withdrawals_approval set at = at + interval '1 day' where actor_id = (select max(actor_id) from withdrawals_approval)"),
    ("20_checked_before_it_leaves", "update withdrawals_payout set amount = amount + 1"),
    ("20_checked_before_it_leaves", "update withdrawals_payout set destination = '0xmallory'"),
    ("20_checked_before_it_leaves", "update withdrawals_payout set net_micros = net_micros - 1"),
    ("21_suspended_opens_nothing", "insert into identity_suspension (customer_id, at, actor, reason, lifted_by)"
     " select customer_id, requested_at - interval '1 minute', 'x', 'x', '' from withdrawals_withdrawal limit 1"),
    ("21_suspended_opens_nothing", "insert into identity_suspension (customer_id, at, actor, reason, lifted_by)"
     " select customer_id, sent_at - interval '6 seconds', 'x', 'x', '' from withdrawals_payout limit 1;"
     " update withdrawals_withdrawal set requested_at = requested_at - interval '1 hour'"),
    ("05_state_and_money", "delete from support_decision where activation_id is not null"),
    ("05_state_and_money", "update support_decision set amount_micros = amount_micros - 1 where activation_id is not null"),
    ("05_state_and_money", "update support_decision set outcome = 'refused' where activation_id is not null"),
    ("05_state_and_money", "delete from ledger_transfer where movement = 'case_credit' and reference_kind = 'activation'"),
    ("21_suspended_opens_nothing", "delete from support_decision where deposit_id is not null"),
    ("21_suspended_opens_nothing", "update support_decision set taken_micros = taken_micros + 1 where taken_micros > 0"),
    ("21_suspended_opens_nothing", "update support_decision set amount_micros = amount_micros - 1 where deposit_id is not null"),
    ("21_suspended_opens_nothing", "delete from ledger_transfer where movement = 'case_taken_back'"),
    ("21_suspended_opens_nothing", "update withdrawals_withdrawal set released_by = 1 where state = 'confirmed'"),
    ("22_late_is_escalated", "update withdrawals_withdrawal set due_at = due_at - interval '30 days' where state = 'confirmed'"),
    ("24_audit_log_chain", "delete from core_audit_log where id = 2"),
    ("24_audit_log_chain", "delete from core_audit_log where id = 1"),
    ("24_audit_log_chain", "update core_audit_log set hash = '\\x00' where id = (select max(id) from core_audit_log)"),
]  # fmt: skip


def _plant(superuser: Connection, statements: str) -> int:
    superuser.execute("set session_replication_role = replica")  # no trigger fires
    return sum(superuser.execute(statement).rowcount for statement in statements.split("; "))  # type: ignore[call-overload]


@pytest.mark.django_db(transaction=True)
def test_a_life_without_faults_has_no_findings(life: None) -> None:
    assert audit.run() == [] == books.findings()
    assert audit.run(sql.value("select fn.now() - interval '1 hour'")) == []


@pytest.mark.plants_violation
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("invariant", "statements"), [*PLANTED.items(), *NEIGHBOURS])
def test_a_planted_violation_is_caught(
    life: None, superuser: Connection, invariant: str, statements: str
) -> None:
    assert _plant(superuser, statements) > 0
    full = {finding.invariant for finding in audit.run()}
    assert invariant in full
    assert books.violated() == full  # the one statement that follows every test
    if invariant not in FULL_ONLY:
        recent = {
            finding.invariant for finding in audit.run(sql.value("select fn.now() - interval '1 hour'"))
        }
        assert invariant in recent or "original" in statements or "delete from ledger_wallet" in statements


STUCK = {
    "08_promise_kept": "update activations_activation set expires_at = expires_at - interval '1 hour' where state = 'waiting'",
    "11_one_fate": "update intake_fate set fate = 'pending'; update intake_original set received_at = received_at - interval '1 hour'",
    "23_outbox_moves": "update core_outbox set created_at = created_at - interval '1 hour'",
}


@pytest.mark.plants_violation
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("invariant", "statements"), STUCK.items())
def test_the_audit_of_the_last_minutes_sees_what_is_stuck_since_an_hour(
    life: None, superuser: Connection, invariant: str, statements: str
) -> None:
    _plant(superuser, f"{statements}; update core_event set at = at - interval '1 hour'")
    recent = audit.run(sql.value("select fn.now() - interval '3 minutes'"))
    assert invariant in {finding.invariant for finding in recent}


def test_every_invariant_has_its_planted_violation() -> None:
    names: Callable[[], set[str]] = lambda: {path.stem for path in audit.QUERIES}  # noqa: E731
    assert set(PLANTED) == names()
