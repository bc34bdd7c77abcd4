"""What becomes of a mail: a withdrawal, a case, an addition, or nothing; and what is told to whom."""

import pytest

from activkode.core import sql
from activkode.identity import suspension
from activkode.identity.models import User
from activkode.mailbox import incoming, operations, read
from activkode.mailbox.incoming import Incoming
from activkode.mailbox.policy import Fate
from activkode.support import operations as cases
from activkode.support import read as support
from activkode.support.operations import Opening
from activkode.support.policy import Channel, Kind
from activkode.withdrawals import read as withdrawals
from cast import fund, person
from contact.conftest import Deliver

pytestmark = pytest.mark.django_db

WISH = "Subject: Balance withdrawal\n\n{btc}\n"
FORGED = "% sign -\n" + WISH
NOBODY = "From: stranger@firm.example\nMessage-ID: <s@firm.example>\n"


def told() -> list[tuple[str, str]]:
    """Topics of the outbox and what each is about, in their order."""
    found = sql.rows(
        "select topic, coalesce(payload->>'what', payload->>'told') from core_outbox order by id"
    )
    return [(row[0], row[1]) for row in found]


# --- withdrawals ---


def test_the_mail_of_the_policy_asks_for_a_withdrawal(alice: User, deliver: Deliver) -> None:
    line = deliver(WISH)

    one = withdrawals.open_one(alice.id)
    assert one is not None
    assert (line.fate, line.withdrawal_id, line.customer_id) == (Fate.WITHDRAWAL, one.id, alice.id)
    assert (one.address, one.gross_micros, one.channel) == (
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        100_000_000,
        "email",
    )
    assert told() == [("withdrawal_mail", "requested")]


def test_it_holds_nothing(alice: User, deliver: Deliver) -> None:
    deliver(WISH)

    assert sql.one("select cash, withdrawing from ledger_wallet where customer_id = %s", (alice.id,)) == (
        100_000_000,
        0,
    )


def test_a_forged_one_asks_for_nothing_and_tells_nothing_of_the_account(
    alice: User, deliver: Deliver
) -> None:
    line = deliver(FORGED)

    case = support.any_case(line.case_id or 0)
    assert (line.fate, line.customer_id, line.verified_by) == (Fate.UNVERIFIED, None, "")
    assert (case.customer_id, case.verified, case.kind) == (None, False, Kind.WITHDRAWAL)
    assert withdrawals.open_one(alice.id) is None


def test_the_answer_to_a_forged_mail_is_the_same_with_and_without_an_account(deliver: Deliver) -> None:
    without = deliver(FORGED)
    first = told()
    sql.execute("delete from core_outbox")
    person("bob")
    with_account = deliver("% sign -\nFrom: bob@people.example\nMessage-ID: <2@people.example>\n" + WISH)

    assert (without.fate, first) == (with_account.fate, told())


def test_below_the_minimum_it_is_told_so(alice: User, deliver: Deliver) -> None:
    line = deliver("Subject: Balance withdrawal\n\n$19.99 to {btc}\n")

    assert (line.fate, line.reason, line.told) == (Fate.TOLD, "below_minimum", "alice@people.example")
    assert told() == [("mailbox_mail", "refused")]


def test_the_minimum_is_enough(alice: User, deliver: Deliver) -> None:
    assert deliver("Subject: Balance withdrawal\n\n$20.00 to {btc}\n").fate == Fate.WITHDRAWAL


def test_more_than_all_is_told_so(alice: User, deliver: Deliver) -> None:
    line = deliver("Subject: Balance withdrawal\n\n$100.01 to {btc}\n")

    assert (line.fate, line.reason) == (Fate.TOLD, "insufficient_balance")


def test_three_addresses_are_a_question_not_a_choice(alice: User, deliver: Deliver) -> None:
    line = deliver("Subject: Balance withdrawal\n\n{btc} {usdt} {eth}\n")

    assert (line.fate, line.reason) == (Fate.CASE, "several addresses")
    assert told() == [("mailbox_mail", "unclear")]
    assert withdrawals.open_one(alice.id) is None


def test_a_second_mail_joins_what_is_open(alice: User, deliver: Deliver) -> None:
    deliver(WISH)
    line = deliver("Message-ID: <2@people.example>\n" + WISH)

    one = withdrawals.open_one(alice.id)
    assert one is not None
    assert line.case_id is not None
    assert support.any_case(line.case_id).withdrawal_id == one.id


def test_a_suspended_customer_is_told_so(alice: User, deliver: Deliver) -> None:
    suspension.suspend(alice.id, actor="olga", reason="terms")

    assert deliver(WISH).reason == "account_suspended"


# --- who wrote ---


def test_another_sender_naming_an_account_is_not_answered_but_its_owner_is_told(
    alice: User, deliver: Deliver
) -> None:
    line = deliver(
        NOBODY + "Subject: Balance withdrawal\n\nmy account is alice@people.example, pay to {btc}\n"
    )

    assert (line.fate, line.customer_id, line.told) == (Fate.UNVERIFIED, None, "alice@people.example")
    assert told() == [("mailbox_mail", "another sender")]


def test_another_sender_naming_no_account_of_ours_is_not_answered_either(deliver: Deliver) -> None:
    line = deliver(
        NOBODY + "Subject: Balance withdrawal\n\nmy account is alice@people.example, pay to {btc}\n"
    )

    assert (line.fate, line.told, told()) == (Fate.UNVERIFIED, "", [])


def test_a_stranger_is_acknowledged_once_a_day(deliver: Deliver) -> None:
    first = deliver(NOBODY + "Subject: Question\n\nDo you have numbers from Portugal?\n")
    second = deliver(NOBODY.replace("<s@", "<t@") + "Subject: Question\n\nAnd from Spain?\n")

    assert (first.told, second.told) == ("stranger@firm.example", "")
    assert told() == [("case_mail", "case.opened")]


def test_the_same_mail_under_another_recipient_counts_once(alice: User, deliver: Deliver) -> None:
    deliver(WISH)
    line = deliver(WISH, to="contact+x@activkode.example")

    assert (line.fate, line.reason) == (Fate.PARKED, "sent again")


def test_a_mail_is_stored_once(alice: User, deliver: Deliver) -> None:
    assert deliver(WISH).id == deliver(WISH).id
    assert sql.value("select count(*) from mailbox_mail") == 1


def test_no_plain_sender_is_parked(deliver: Deliver) -> None:
    assert deliver("% sign -\nFrom: a@people.example, b@people.example\n\nx\n").fate == Fate.PARKED


# --- programs ---


@pytest.mark.parametrize(
    "text",
    [
        "Auto-Submitted: auto-replied\n" + WISH,
        "Subject: Out of office: x\n\nx\n",
        "From: mailer-daemon@people.example\n" + WISH,
        "From: contact@activkode.example\n" + WISH,
        "Message-ID: <case_1.0123456789abcdef@activkode.example>\n" + WISH,
    ],
)
def test_programs_are_parked_and_not_answered(alice: User, deliver: Deliver, text: str) -> None:
    line = deliver(text)

    assert (line.fate, told()) == (Fate.PARKED, [])
    assert withdrawals.open_one(alice.id) is None


def test_a_loop_ends_with_the_first_answer(deliver: Deliver) -> None:
    for number in range(20):
        deliver(f"{NOBODY.replace('<s@', f'<{number}@')}Subject: Re: Re: x\n\nagain {number}\n")

    assert told() == [("case_mail", "case.opened")]


# --- cases ---


def test_a_question_opens_a_case_with_a_date(alice: User, deliver: Deliver) -> None:
    line = deliver("Subject: Help\n\nmy deposit was credited twice\n")

    case = support.any_case(line.case_id or 0)
    assert (line.fate, case.kind, case.customer_id, case.verified) == (
        Fate.CASE,
        Kind.DUPLICATE_TOPUP,
        alice.id,
        True,
    )
    assert (case.mail_id, case.subject) == (line.id, "Help")
    assert told() == [("case_mail", "case.opened")]


def test_an_answer_joins_its_case(alice: User, deliver: Deliver) -> None:
    number = cases.open(Opening(Kind.OTHER, Channel.DASHBOARD, "hello", customer_id=alice.id)).case_id
    line = deliver(f"Subject: Re: [case_{number}] hello\n\nhere it is\n")

    assert (line.fate, line.case_id) == (Fate.ADDED, number)
    assert support.messages(number)[-1].text == "here it is"


def test_somebody_elses_case_is_as_unknown_as_none(alice: User, deliver: Deliver) -> None:
    bob = person("bob")
    number = cases.open(Opening(Kind.OTHER, Channel.DASHBOARD, "hello", customer_id=bob.id)).case_id
    line = deliver(f"Subject: Re: [case_{number}] hello\n\nlet me in\n")

    assert (line.fate, line.case_id != number) == (Fate.CASE, True)
    assert all("let me in" not in each.text for each in support.messages(number))


def test_an_unverified_answer_does_not_join_a_customers_case(alice: User, deliver: Deliver) -> None:
    number = cases.open(Opening(Kind.OTHER, Channel.DASHBOARD, "hello", customer_id=alice.id)).case_id
    line = deliver(f"% sign -\nSubject: Re: [case_{number}] hello\n\nlet me in\n")

    assert (line.fate, line.case_id != number) == (Fate.UNVERIFIED, True)


def test_a_strangers_answer_joins_the_strangers_case(deliver: Deliver) -> None:
    number = deliver(NOBODY + "Subject: Question\n\nDo you have numbers?\n").case_id
    line = deliver(NOBODY.replace("<s@", "<t@") + f"Subject: Re: [case_{number}] Question\n\nfrom Spain\n")

    assert (line.fate, line.case_id) == (Fate.ADDED, number)


def test_somebody_elses_activation_is_not_revealed(alice: User, deliver: Deliver) -> None:
    line = deliver("Subject: Review\n\nplease refund act_999\n")

    case = support.any_case(line.case_id or 0)
    assert (line.fate, line.reason, case.kind, case.activation_id) == (
        Fate.CASE,
        "unknown_activation",
        Kind.OTHER,
        None,
    )


def test_a_screenshot_comes_with_its_case(alice: User, deliver: Deliver) -> None:
    line = deliver(
        "Subject: error\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nthe code is not shown\n--b\n"
        "Content-Type: image/png; name=shot.png\nContent-Transfer-Encoding: base64\n\n"
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==\n--b--\n"
    )

    [kept] = support.attachments(line.case_id or 0)
    assert (kept.name, kept.width) == ("shot.png", 1)


# --- settling ---


def test_what_the_dns_does_not_answer_waits(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from activkode.mailbox import resolver
    from activkode.mailbox.reading.lookups import Unanswered
    from contact.letters import letter_of

    def silent(_: str, __: str) -> list[object]:
        raise Unanswered

    monkeypatch.setattr(resolver, "ask", silent)
    mail_id = incoming.receive(Incoming("smtp", "contact@activkode.example", letter_of(WISH).raw()))

    assert operations.settle(mail_id) == Fate.PENDING
    assert operations.settle(mail_id, attempts=99) == Fate.UNVERIFIED


def test_a_poisoned_mail_does_not_stop_the_others(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from contact.letters import letter_of

    real = operations.settle

    def settle(mail_id: int, attempts: int) -> Fate:
        if mail_id == poisoned:
            raise ValueError("poison")
        return real(mail_id, attempts)

    poisoned = incoming.receive(Incoming("smtp", "contact@activkode.example", b"poison\r\n"))
    other = incoming.receive(Incoming("smtp", "contact@activkode.example", letter_of(WISH).raw()))
    monkeypatch.setattr(operations, "settle", settle)

    assert operations.settle_pending(10) == 2
    assert (read.one(poisoned).fate, read.one(other).fate) == (Fate.PENDING, Fate.WITHDRAWAL)


def test_a_mail_that_always_fails_is_parked_for_a_person(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    mail_id = incoming.receive(Incoming("smtp", "contact@activkode.example", b"poison\r\n"))
    monkeypatch.setattr(operations, "_read", lambda _: 1 / 0)

    for _ in range(10):
        sql.execute(
            "select set_config('activkode_test.shift', (coalesce(nullif(current_setting('activkode_test.shift', true),"
            " ''), '0')::interval + interval '1 day')::text, true)"
        )
        operations.settle_pending(10)

    assert (read.one(mail_id).fate, read.one(mail_id).reason) == (Fate.PARKED, "fault: ZeroDivisionError")


def test_settling_again_changes_nothing(alice: User, deliver: Deliver) -> None:
    line = deliver(WISH)

    assert operations.settle(line.id) == Fate.WITHDRAWAL
    assert told() == [("withdrawal_mail", "requested")]


def test_promotional_credit_is_not_withdrawn(deliver: Deliver) -> None:
    fund(person("alice"), "100.00", promo=True)

    assert deliver(WISH).fate == Fate.TOLD
