"""Plays money stories written as text: one line an event, what is expected after the arrow.

    alice  tops up 10.00                -> ok        cash 10.00
    alice  opens shop/GB at 2.00        -> ok #1     cash 8.00  held 2.00  #1 waiting
    carl   sends #1 Shop: code 1234     -> delivered #1 received
    wait   20 minutes
    at     2026-12-24 10:00
    clock  sweeps                       -> 0

Kinds: shop/GB is a number, shop/email an address. Amounts are dollars, #1 the first activation of the story.
"""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import cast
from activkode.activations import operations, read
from activkode.activations.policy import Event
from activkode.core import outbox, sql
from activkode.core.errors import Refusal
from activkode.core.money import dollars, micros
from activkode.identity import suspension
from activkode.identity.models import User
from activkode.intake import deliver
from activkode.intake.messages import Inbound, Kind
from activkode.ledger import read as books
from funding.scripted import FakeChain
from scenarios import cases, withdrawals
from withdrawals import scripted

_EXPECTED = re.compile(r"(cash|promo|held|withdrawing) (\S+)|(#\d+) (\w+)(?: as (\S+))?")
_serial = itertools.count()


@dataclass
class Story:
    """The people and activations of one file, as they came up."""

    people: dict[str, User] = field(default_factory=dict)
    rented: dict[str, tuple[int, int]] = field(default_factory=dict)
    cases: list[int] = field(default_factory=list)
    deposits: list[int] = field(default_factory=list)
    withdrawals: list[tuple[int, int]] = field(default_factory=list)
    chain: FakeChain | None = None

    def play(self, line: str) -> None:
        """Carries out one line and checks what it expects. Raises AssertionError with the line."""
        action, _, expected = (part.strip() for part in line.partition("->"))
        who, rest = action.split(maxsplit=1)
        said = (verb for verb in VERBS if rest.startswith(verb))
        verb = who if who in ("wait", "at") else max(said, key=len)
        try:
            outcome = VERBS[verb](self, who, rest.removeprefix(verb).strip())
        except Refusal as refusal:
            outcome = str(refusal.code)
        wanted = re.split(r"\s{2,}", expected)[0] if expected else outcome
        assert outcome == wanted, f"{line}\n  gave {outcome}"
        for account, amount, number, state, clause in _EXPECTED.findall(expected.removeprefix(wanted)):
            self._check(line, who, account, amount, number, state, clause)

    def user(self, name: str) -> User:
        """A person of the story, made when first named."""
        if name not in self.people:
            self.people[name] = cast.person(name)
        return self.people[name]

    def staff(self, name: str) -> User:
        """An operator of the story."""
        if name not in self.people:
            self.people[name] = scripted.staff(name)
        return self.people[name]

    def _check(
        self, line: str, who: str, account: str, amount: str, number: str, state: str, clause: str
    ) -> None:
        if account:
            owner = who if who in self.people else next(iter(self.people))
            found = dollars(getattr(books.balance(self.people[owner].id), account))
            assert found == amount, f"{line}\n  {account} is {found}"
        else:
            one = read.get(*self.rented[number])
            assert (one.state, one.clause if clause else "") == (state, clause), (
                f"{line}\n  {one.state} {one.clause}"
            )


def _opens(story: Story, who: str, words: str) -> str:
    match = re.fullmatch(r"(\w+)/(\w+)(?: at (\S+))?( knowing the ban)?", words)
    assert match, words
    place = {"kind": "email"} if match[2] == "email" else {"country": match[2]}
    cap = micros(match[3]) if match[3] else None
    rent = operations.Rent(match[1], **place, max_price_micros=cap, acknowledge_banned=bool(match[4]))
    one = operations.open(story.user(who).id, rent).activation
    story.rented[f"#{len(story.rented) + 1}"] = (one.customer, one.id)
    return f"ok #{len(story.rented)}"


def _event(event: Event) -> Callable[[Story, str, str], str]:
    def play(story: Story, who: str, number: str) -> str:
        before = read.get(*story.rented[number])
        customer = (
            before.customer if event is Event.FAIL else story.user(who).id
        )  # carriers fail what customers hold
        after = operations.apply(customer, before.id, event).activation
        return "same" if after == before else "ok"

    return play


def _sends(story: Story, who: str, words: str) -> str:
    number, sender, text = re.fullmatch(r"(\S+) ([^:]+): (.*)", words).groups()  # type: ignore[union-attr]
    address = read.get(*story.rented[number]).address if number in story.rented else number
    kind = Kind.EMAIL if "@" in address else Kind.SMS
    raw = f"From: x@{sender}\r\nSubject: Hello\r\n\r\n{text}\r\n" if kind is Kind.EMAIL else text
    inbound = Inbound(
        who, f"{who}-{next(_serial)}", kind, address, sender, raw.encode(), "" if "@" in address else text
    )
    return deliver.settle(deliver.receive(inbound))


def _sees(story: Story, who: str, number: str) -> str:
    return " ".join(
        str(m.code or m.link or (m.text and "text") or "hidden")
        for m in read.get(*story.rented[number]).messages
    )


def _wait(_: Story, __: str, words: str) -> str:
    setting = (
        "coalesce(nullif(current_setting('activkode_test.shift', true), ''), '0')::interval + %s::interval"
    )
    sql.execute(f"select set_config('activkode_test.shift', ({setting})::text, true)", (words,))
    return "ok"


def _at(story: Story, who: str, words: str) -> str:
    # No clock ran meanwhile: an outage, from whose end on lateness counts; then it works off what is due.
    sql.value("select fn.beat('clock')")
    _wait(story, who, str(sql.value("select %s::timestamp at time zone 'UTC' - fn.now()", (words,))))
    sql.value("select fn.beat('clock')")
    operations.expire_due(1000)
    _deliver()
    return "ok"


def _deliver() -> str:
    due = outbox.claim(1000)
    for row in due:
        outbox.delivered(row.id)
    return str(len(due))


def _done(action: Callable[[Story, str, str], object]) -> Callable[[Story, str, str], str]:
    return lambda story, who, words: str(action(story, who, words) or "ok")


VERBS: dict[str, Callable[[Story, str, str], str]] = {
    "wait": _wait,
    "at": _at,
    "tops up": _done(lambda story, who, words: cast.fund(story.user(who), words)),
    "gets promo": _done(lambda story, who, words: cast.fund(story.user(who), words, promo=True)),
    "opens": _opens,
    "cancels": _event(Event.CANCEL),
    "completes": _event(Event.COMPLETE),
    "reveals": _event(Event.REVEAL),
    "fails": _event(Event.FAIL),
    "sends": _sends,
    "sees": _sees,
    "sweeps": lambda *_: str(operations.expire_due(1000)[0]),
    "delivers": lambda *_: _deliver(),
    "beats": lambda *_: "outage" if sql.value("select fn.beat('clock')") else "ok",
    "gives back": lambda *_: str(sql.value("select fn.quarantine_end(1000)")),
    "measures": lambda *_: str(sql.value("select fn.quality_refresh()")),
    "prices": _done(lambda _, __, words: cast.set_price(*words.split(" at "))),
    "suspends": _done(lambda s, who, name: suspension.suspend(s.user(name).id, actor=who, reason="story")),
    "lifts": _done(lambda s, who, name: suspension.lift(s.user(name).id, actor=who, reason="story")),
    **cases.VERBS,
    **withdrawals.VERBS,
}
