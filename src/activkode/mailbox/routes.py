"""Where a mail that was read goes: to a withdrawal, a case, an addition to one, or nowhere. Runs in the transaction that
gives the mail its fate, so that what it causes happens once.

What is not proven to be from an account's own address holds nothing, reveals nothing and is never answered with a word
about any account (POLICY 2.3.4, 2.3.11).
"""

from dataclasses import dataclass, replace
from datetime import datetime

from activkode.core import outbox, sql
from activkode.core.errors import Code, Refusal
from activkode.mailbox.policy import Fate
from activkode.mailbox.reading import thread
from activkode.mailbox.reading import wish as wishes
from activkode.mailbox.reading.nature import ANY, Nature
from activkode.mailbox.reading.read import Reading, files
from activkode.support import operations as cases
from activkode.support import read as support
from activkode.support import screenshots
from activkode.support.operations import Opening
from activkode.support.policy import Channel, Kind
from activkode.withdrawals import operations as withdrawals
from activkode.withdrawals import read as open_withdrawals

TOPIC = "mailbox_mail"
MOST_FILES = 5
NOTHING_SAID = "(The mail has no text.)"


@dataclass(frozen=True, slots=True)
class Stored:
    """A mail as it is kept; fields as in operations.Incoming."""

    id: int
    peer: str
    helo: str
    sender: str | None
    recipient: str
    raw: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """The fate and what belongs to it. `told` is the address that is answered automatically, "" for none."""

    fate: Fate
    reason: str = ""
    customer_id: int | None = None
    case_id: int | None = None
    withdrawal_id: int | None = None
    told: str = ""


def prepared(mail: Stored, found: Reading) -> list[screenshots.File]:
    """The files of a mail that may belong to a case, decoded: it takes time, so that it is done before the transaction.
    Files of strangers stay in the stored mail."""
    if found.nature is not Nature.PERSON or not found.attachments or _customer(found) is None:
        return []
    made = []
    for name, content in files(mail.raw, MOST_FILES):
        try:
            made.append(screenshots.read(name, content))
        except Refusal:
            continue  # empty or too large: it stays in the stored mail
    return made


def route(mail: Stored, found: Reading, attached: list[screenshots.File]) -> Outcome:
    """What becomes of the mail. Raises TryLater."""
    sender = found.verdict.sender
    if found.nature is not Nature.PERSON:
        return Outcome(Fate.PARKED, f"{found.nature}: {found.sign}")
    if sender is None:
        return Outcome(Fate.PARKED, "; ".join(found.verdict.why))
    if found.verdict.verified and sql.value("select fn.mail_counted(%s, %s)", (sender, found.message_id)):
        return Outcome(Fate.PARKED, "sent again")
    customer_id = _customer(found)
    if customer_id is None:
        return _stranger(mail, found, sender)
    outcome = replace(_customers(mail, found, sender, customer_id), customer_id=customer_id)
    if outcome.case_id is not None:
        _attach(outcome.case_id, customer_id, attached)
    return outcome


def _customer(found: Reading) -> int | None:
    """Whose registered address the mail is proven to be from."""
    if not found.verdict.verified:
        return None
    number: int | None = sql.value("select id from identity_user where email = %s", (found.verdict.sender,))
    return number


# --- from a customer ---


def _customers(mail: Stored, found: Reading, sender: str, customer_id: int) -> Outcome:
    if (joined := _threaded(mail, found, customer_id)) is not None:
        return joined
    if found.wish.kind is wishes.Kind.WITHDRAWAL_REQUEST:
        return _withdrawal(mail, found, sender, customer_id)
    return _case(mail, found, sender, customer_id)


def _threaded(mail: Stored, found: Reading, customer_id: int) -> Outcome | None:
    """Added to the first thing named that is this customer's; somebody else's is as unknown as none (POLICY 2.4.6)."""
    for kind, number in found.thread.named:
        try:
            if kind == thread.CASE:
                cases.write(customer_id, number, _text(found), mail_id=mail.id)
                return Outcome(Fate.ADDED, case_id=number)
            about = _opening(mail, found, customer_id, Kind.WITHDRAWAL, "")
            return _opened(cases.open(replace(about, withdrawal_id=number, acknowledge=False)))
        except Refusal:
            continue
    return None


def _withdrawal(mail: Stored, found: Reading, sender: str, customer_id: int) -> Outcome:
    """Asks for the withdrawal as it was written; what keeps it from being asked for is told."""
    wish = found.wish
    if wish.asset is None or wish.unclear:
        return _not_asked(mail, found, sender, customer_id, "; ".join(wish.unclear))
    try:
        number = withdrawals.request(
            customer_id,
            wish.asset,
            wish.address,
            wish.amount_micros,
            channel=Channel.EMAIL,
            note=_text(found),
        )
    except Refusal as refusal:
        if refusal.code is Code.WITHDRAWAL_OPEN and (there := open_withdrawals.open_one(customer_id)):
            about = _opening(mail, found, customer_id, Kind.WITHDRAWAL, sender)
            return _opened(cases.open(replace(about, withdrawal_id=there.id)))
        return _told(mail, found, sender, customer_id, refusal)
    return Outcome(Fate.WITHDRAWAL, withdrawal_id=number)


def _not_asked(mail: Stored, found: Reading, sender: str, customer_id: int, unclear: str) -> Outcome:
    """A withdrawal that cannot be asked for before something is clear: a case, and one mail that says what is missing."""
    told = _may_tell(sender)
    about = _opening(mail, found, customer_id, Kind.WITHDRAWAL, sender)
    opened = _opened(cases.open(replace(about, acknowledge=False)))
    if told and opened.case_id is not None:
        _tell(mail, told, "unclear", case=opened.case_id, why=unclear)
    return replace(opened, reason=unclear, told=told)


def _told(mail: Stored, found: Reading, sender: str, customer_id: int, refusal: Refusal) -> Outcome:
    """Tells why it cannot be done; who was told something today already has a person look at it."""
    told = _may_tell(sender)
    if told:
        _tell(mail, told, "refused", why=refusal.told)
        return Outcome(Fate.TOLD, refusal.code, told=told)
    opened = _opened(cases.open(_opening(mail, found, customer_id, Kind.OTHER, "")))
    return replace(opened, reason=refusal.code)


def _case(mail: Stored, found: Reading, sender: str, customer_id: int) -> Outcome:
    wish = found.wish
    told = _may_tell(sender)
    about = _opening(mail, found, customer_id, Kind(wish.kind), told)
    named = replace(
        about,
        activation_id=next(iter(wish.activations), None),
        deposit_id=None if wish.activations else _deposit(customer_id, wish),
    )
    try:
        return replace(_opened(cases.open(named)), told=told)
    except Refusal as refusal:
        return _refused_case(mail, found, sender, about, refusal)


def _refused_case(mail: Stored, found: Reading, sender: str, about: Opening, refusal: Refusal) -> Outcome:
    customer_id = about.customer_id
    assert customer_id is not None, "only a customer's mail comes here"
    if refusal.code in (Code.UNKNOWN_ACTIVATION, Code.UNKNOWN_TRANSACTION):
        # As if it did not exist: what was said is still read by a person.
        return replace(
            _opened(cases.open(replace(about, kind=Kind.OTHER))), reason=refusal.code, told=about.email
        )
    if refusal.code is Code.ALREADY_DECIDED and (number := refusal.extra.get("case")):
        cases.write(customer_id, int(number), _text(found), mail_id=mail.id)
        return Outcome(Fate.ADDED, refusal.code, case_id=int(number))
    if refusal.code is Code.LIMIT_REACHED:
        return Outcome(Fate.PARKED, refusal.code)
    return _told(mail, found, sender, customer_id, refusal)


def _deposit(customer_id: int, wish: wishes.Wish) -> int | None:
    """The top-up that is named by its number or its transaction."""
    if wish.deposits:
        return wish.deposits[0]
    found: int | None = sql.value(
        "select id from funding_deposit where customer_id = %s"
        " and regexp_replace(lower(tx), '^0x', '') = any (%s) order by id limit 1",
        (customer_id, [tx.lower().removeprefix("0x") for tx in wish.transactions]),
    )
    return found


def _attach(case_id: int, customer_id: int, attached: list[screenshots.File]) -> None:
    for file in attached:
        try:
            screenshots.attach(case_id, file, customer_id=customer_id)
        except Refusal:
            return  # as many as there may be: the rest stays in the stored mail


# --- from anybody else ---


def _stranger(mail: Stored, found: Reading, sender: str) -> Outcome:
    """A case that is about nothing of anybody's. Whoever names another address as the account's is not answered at all,
    whether there is such an account or not; its owner is told where it was proven who wrote."""
    why = "no account with this address" if found.verdict.verified else "; ".join(found.verdict.why)
    for kind, number in found.thread.named:
        if kind == thread.CASE and _is_strangers_own(number, sender):
            cases.write(None, number, _text(found), mail_id=mail.id)
            return Outcome(Fate.ADDED, why, case_id=number)
    others = {each.lower().strip(".") for each in ANY.findall(f"{found.subject} {found.text}")} - {sender}
    owner = _registered(others) if found.verdict.verified else ""
    told = "" if others else _may_tell(sender)
    about = Opening(
        Kind.WITHDRAWAL if found.wish.kind is wishes.Kind.WITHDRAWAL_REQUEST else Kind(found.wish.kind),
        Channel.EMAIL,
        _text(found),
        email=sender,
        subject=found.subject,
        received_at=mail.received_at,
        mail_id=mail.id,
        acknowledge=bool(told),
    )
    try:
        opened = cases.open(about)
    except Refusal as refusal:
        return Outcome(Fate.PARKED, f"{refusal.code}: {why}")
    if owner and (owner := _may_tell(owner)):
        _tell(mail, owner, "another sender")
    return Outcome(Fate.UNVERIFIED, why, case_id=opened.case_id, told=told or owner)


def _is_strangers_own(case_id: int, sender: str) -> bool:
    try:
        case = support.any_case(case_id)
    except Refusal:
        return False
    return case.customer_id is None and case.email == sender


def _registered(addresses: set[str]) -> str:
    found = sql.rows("select email from identity_user where email = any (%s) limit 2", (sorted(addresses),))
    return str(found[0][0]) if len(found) == 1 else ""


# --- what they share ---


def _opening(mail: Stored, found: Reading, customer_id: int, kind: Kind, email: str) -> Opening:
    """A case of this customer; acknowledged where there is an address to tell."""
    return Opening(
        kind,
        Channel.EMAIL,
        _text(found),
        customer_id=customer_id,
        email=email or found.verdict.sender or "",
        subject=found.subject,
        received_at=mail.received_at,
        mail_id=mail.id,
        acknowledge=bool(email),
    )


def _opened(opened: cases.Opened) -> Outcome:
    return Outcome(Fate.ADDED if opened.joined else Fate.CASE, case_id=opened.case_id)


def _text(found: Reading) -> str:
    return found.text.strip() or NOTHING_SAID


def _may_tell(address: str) -> str:
    """The address where a program may write to it now, else "" (POLICY 2.4.7)."""
    return address if sql.value("select fn.mail_may_tell(%s)", (address,)) else ""


def _tell(mail: Stored, to: str, what: str, *, case: int | None = None, why: str = "") -> None:
    outbox.put(TOPIC, {"mail": mail.id, "to": to, "what": what, "case": case, "why": why})
