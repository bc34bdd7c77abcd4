"""What staff sees and does about withdrawals: the queue, the records beside the decision, approvals by two, and payouts as files."""

import html
import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

import cast
from activkode.core import read as core
from activkode.core import sql
from activkode.identity import email_change, suspension
from activkode.identity.models import Role, User
from activkode.ledger import read as books
from activkode.support import deadlines
from activkode.withdrawals import operations, payouts, read
from activkode.withdrawals.policy import PayoutState, State
from doors.people.conftest import newcomer, visitor
from withdrawals import scripted
from withdrawals.scripted import ADDRESS, FakePayer, sign
from withdrawals.ways import WAYS, way

pytestmark = pytest.mark.django_db
ACTS = ("approve", "reject", "waive", "again", "return")


def _page(client: Client, name: str, /, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def _post(client: Client, name: str, /, *args: object, **fields: Any) -> str:
    answer = client.post(reverse(name, args=args), fields, follow=True)
    return html.unescape(answer.content.decode())


# --- the queue, and one ---


def test_what_is_due_first_stands_first_with_what_holds_it(console: Client, wendy: User) -> None:
    first, held = scripted.confirmed(wendy), newcomer("henry")
    scripted.shift("1 day")
    cast.fund(held, "50.00")
    email_change.note(held.id, "earlier@people.example")
    second = scripted.confirmed(held)

    page = _page(console, "console_withdrawals")

    assert page.index(f"wdr_{first}") < page.index(f"wdr_{second}")
    assert "E-mail changed" in page and "Approve, 0 of 1" in page


@pytest.mark.parametrize(("days", "word"), [("6 days", "Half its time"), ("20 days", "Overdue")])
def test_what_runs_late_is_marked(console: Client, wendy: User, days: str, word: str) -> None:
    number = scripted.confirmed(wendy)
    scripted.shift(days)
    deadlines.escalate(10)

    assert word in _page(console, "console_withdrawals")
    assert word in _page(console, "console_withdrawal", number)


@pytest.mark.parametrize("name", WAYS)
def test_every_state_is_shown_with_all_that_is_kept(console: Client, wendy: User, name: str) -> None:
    one = way(wendy, name)

    page = _page(console, "console_withdrawal", one.id)

    assert ADDRESS in page and wendy.email in page and "What the balance is made of" in page
    for payout in read.payouts(wendy.id, one.id):
        assert f"pay_{payout.id}" in page and str(payout.amount) in page
        for each in read.transactions(wendy.id, payout.id):
            assert (each.tx or "") in page and each.words in page
    listed = _page(console, "console_withdrawals", **({} if one.is_open else {"show": "closed"}))
    assert f"wdr_{one.id}" in listed
    assert f"wdr_{one.id}" in _page(console, "console_withdrawals", q=wendy.email)


def test_the_records_stand_beside_the_decision(console: Client, wendy: User) -> None:
    email_change.note(wendy.id, "earlier@people.example")
    suspension.suspend(wendy.id, actor="oscar", reason="looked odd")
    suspension.lift(wendy.id, actor="oscar", reason="was not")
    other = newcomer("other")
    cast.fund(other, "50.00")
    theirs, number = scripted.requested(other), scripted.confirmed(wendy)

    page = _page(console, "console_withdrawal", number)

    for shown in (
        "was earlier@people.example",
        "looked odd",
        f"wdr_{theirs}",
        "other@people.example",
        "withdrawal confirm",
    ):
        assert shown in page, shown


def test_an_address_that_others_gave_in_other_letters_is_the_same(console: Client, wendy: User) -> None:
    other = newcomer("other")
    cast.fund(other, "50.00")
    operations.request(other.id, scripted.Asset.ETH, ADDRESS.lower(), None, channel="email")

    assert "The same address was given" in _page(console, "console_withdrawal", scripted.confirmed(wendy))


# --- decisions ---


def test_from_two_hundred_dollars_two_approve(console: Client, wendy: User) -> None:
    number = scripted.confirmed(wendy, "200.00")
    assert "it takes 2" in _post(console, "console_withdrawal_approve", number)
    assert "another person has to" in _post(console, "console_withdrawal_approve", number)

    oscar = visitor(newcomer("oscar", Role.OPERATOR))
    assert "Approved." in _post(oscar, "console_withdrawal_approve", number)

    assert read.one(wendy.id, number).state == State.APPROVED
    assert [each.actor for each in read.approvals(wendy.id, number)] == [
        "olga@people.example",
        "oscar@people.example",
    ]


def test_it_is_declined_with_a_reason_alone(console: Client, wendy: User) -> None:
    number = scripted.confirmed(wendy)
    assert "Reason: This field is required." in _post(
        console, "console_withdrawal_reject", number, reason=" "
    )

    _post(console, "console_withdrawal_reject", number, reason="not yours")

    one = read.one(wendy.id, number)
    assert (one.state, one.reason, books.balance(wendy.id).withdrawing) == (State.REJECTED, "not yours", 0)


def test_what_is_held_cannot_be_approved(console: Client, wendy: User) -> None:
    one = way(wendy, "confirmed: e-mail changed")
    assert "disabled" in _page(console, "console_withdrawal", one.id)

    assert "nothing is approved before" in _post(console, "console_withdrawal_approve", one.id)
    assert read.approvals(wendy.id, one.id) == []


def test_after_a_dead_payout_a_person_says_how_it_goes_on(console: Client, wendy: User) -> None:
    one = way(wendy, "broadcast: stuck")
    assert "Pay again, or give back" in _page(console, "console_withdrawal", one.id)

    _post(console, "console_withdrawal_return", one.id, reason="refused by the network")

    assert read.one(wendy.id, one.id).state == State.RETURNED


def test_support_looks_and_does_nothing(wendy: User, payer: FakePayer) -> None:
    number = scripted.confirmed(wendy)
    sue = visitor(newcomer("sue", Role.SUPPORT))

    assert 'id="approve"' not in _page(sue, "console_withdrawal", number)
    for act in ACTS:
        assert (
            sue.post(reverse(f"console_withdrawal_{act}", args=[number]), {"reason": "x"}).status_code == 403
        )
    assert sue.post(reverse("console_payouts_export")).status_code == 403


def test_nobody_acts_on_a_withdrawal_of_their_own(console: Client, olga: User, payer: FakePayer) -> None:
    cast.fund(olga, "300.00")
    scripted.rates()
    oscar, number = newcomer("oscar", Role.OPERATOR), scripted.confirmed(olga)
    for act in ACTS:
        assert "Nobody acts on their own account." in _post(
            console, f"console_withdrawal_{act}", number, reason="mine"
        )
    operations.approve(olga.id, number, actor_id=oscar.id, actor=oscar.email)

    assert "Nobody acts on their own account." in _post(console, "console_payout_export", number)
    assert "Nothing is to be signed now." in _post(console, "console_payouts_export")
    assert read.payouts(olga.id, number) == []
    assert "This is your own account." in _page(console, "console_withdrawal", number)


# --- files ---


def _export(client: Client, number: int) -> dict[str, Any]:
    answer = client.post(reverse("console_payout_export", args=[number]))
    assert answer["Content-Type"] == "application/json"
    found: dict[str, Any] = json.loads(answer.content)
    return found


def _signed(exported: dict[str, Any], **changes: str) -> SimpleUploadedFile:
    """What the offline tool makes of an exported file, with the fake's signature."""
    raw = b"signed " + json.dumps(exported["body"], sort_keys=True).encode()
    told = {"payout": exported["payout"], "asset": exported["asset"], "raw": raw.hex()} | changes
    return SimpleUploadedFile("pay.signed.json", json.dumps(told).encode())


def test_a_payout_goes_out_unsigned_and_comes_back_signed(
    console: Client, wendy: User, payer: FakePayer
) -> None:
    number = scripted.approved(wendy)

    exported = _export(console, number)
    again = _export(console, number)
    page = _post(console, "console_payouts_take", signed=_signed(exported))

    one, payout, transaction = scripted.latest(wendy, number)
    assert exported == again and exported["payout"] == f"pay_{payout.id}"
    assert exported["pays"] == f"0.0075 to {ADDRESS}"
    assert f"pay_{payout.id} is signed and kept as {transaction.tx}" in page
    assert (one.state, payout.state, transaction.signed_by) == (
        State.SIGNED,
        PayoutState.SIGNED,
        "olga@people.example",
    )
    lines = [line.action for line in core.audit_log(subject=f"withdrawal {number}")]
    assert lines.count("payout exported") == 2 and "payout signed" in lines


def test_all_of_them_go_out_as_one_archive(console: Client, wendy: User, payer: FakePayer) -> None:
    other = newcomer("other")
    cast.fund(other, "50.00")
    scripted.approved(wendy), scripted.approved(other)
    asked = newcomer("asked")
    cast.fund(asked, "50.00")
    scripted.confirmed(asked)

    answer = console.post(reverse("console_payouts_export"))

    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    found = [json.loads(archive.read(name)) for name in archive.namelist()]
    assert len({each["payout"] for each in found}) == len(found) == 2
    assert [each["body"]["nonce"] for each in found] == [0, 1]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"raw": "00"}, "This is not the transaction that was handed out: not what was handed out"),
        ({"raw": "zz"}, "is not hexadecimal"),
        ({"asset": "BTC"}, "pays ETH, not BTC"),
        ({"asset": "DOGE"}, "This is no signed payout"),
        ({"payout": "pay_999999"}, "There is no such payout."),
        ({"payout": "17"}, "This is no signed payout"),
    ],
)
def test_what_is_not_what_was_handed_out_is_not_kept(
    console: Client, wendy: User, payer: FakePayer, changes: dict[str, str], told: str
) -> None:
    number = scripted.approved(wendy)
    exported = _export(console, number)

    assert told in _post(console, "console_payouts_take", signed=_signed(exported, **changes))
    assert read.one(wendy.id, number).state == State.APPROVED


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b"null", b"[" * 5000, b'{"payout": 1}'])
def test_what_is_no_file_of_ours_is_said(console: Client, content: bytes) -> None:
    page = _post(console, "console_payouts_take", signed=SimpleUploadedFile("odd.json", content))

    assert "no signed payout" in page or "empty" in page


def test_a_node_that_is_away_is_said_and_nothing_is_begun(
    console: Client, wendy: User, payer: FakePayer
) -> None:
    number = scripted.approved(wendy)
    payer.away = True

    assert "The node cannot be used right now" in _post(console, "console_payout_export", number)
    assert read.payouts(wendy.id, number) == []


def test_a_stuck_payout_gets_a_second_transaction_that_is_signed_too(
    console: Client, wendy: User, payer: FakePayer
) -> None:
    one, payout, _ = scripted.sent(wendy, payer)

    assert "It waits to be signed" in _post(console, "console_payout_replace", one.id, payout.id, kind="pay")
    exported = _export(console, one.id)
    _post(console, "console_payouts_take", signed=_signed(exported))

    numbers = [(each.number, each.tx is not None) for each in read.transactions(wendy.id, payout.id)]
    assert exported["number"] == 2 and numbers == [(1, True), (2, True)]


def test_a_payout_of_another_withdrawal_is_not_replaced_by_a_crooked_address(
    console: Client, wendy: User, payer: FakePayer
) -> None:
    _, payout, _ = scripted.sent(wendy, payer)
    other = newcomer("other")
    cast.fund(other, "50.00")
    number = scripted.confirmed(other)

    _post(console, "console_payout_replace", number, payout.id, kind="void")

    assert len(read.transactions(wendy.id, payout.id)) == 1


def test_a_void_transaction_is_told_as_paying_nobody(console: Client, wendy: User, payer: FakePayer) -> None:
    one, payout, _ = scripted.handed(wendy, payer)

    _post(console, "console_payout_replace", one.id, payout.id, kind="void")

    assert _export(console, one.id)["pays"] == "nobody but ourselves"


def test_the_fee_is_waived_for_a_top_up_of_the_customers_own(console: Client) -> None:
    from funding.lives import live

    wanda = newcomer("wanda")
    one = live(wanda, "credited")
    scripted.rates()
    number = scripted.confirmed(wanda)

    assert "Select a valid choice" in _post(console, "console_withdrawal_waive", number, deposit="999")
    assert "It leaves without the fee." in _post(
        console, "console_withdrawal_waive", number, deposit=str(one.id)
    )

    assert read.one(wanda.id, number).net_micros == 20_000_000
    assert sql.value("select count(*) from core_audit_log where action = 'withdrawal fee waived'") == 1


def test_a_file_signed_for_another_nonce_is_refused_in_words(
    console: Client, wendy: User, payer: FakePayer
) -> None:
    number = scripted.approved(wendy)
    exported = _export(console, number)
    exported["body"] = exported["body"] | {"nonce": 7}

    assert "not the transaction that was handed out" in _post(
        console, "console_payouts_take", signed=_signed(exported)
    )


def test_the_fakes_signature_is_what_the_console_takes() -> None:
    unsigned = FakePayer().build(
        payouts.Wish("pay_1", scripted.Asset.ETH, ADDRESS, 1, 10**18), 0, frozenset()
    )

    assert sign(unsigned) == bytes.fromhex(
        json.loads(_signed({"payout": "", "asset": "", "body": unsigned.body}).read())["raw"]
    )
