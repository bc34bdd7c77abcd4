"""What happens in stories about cases: asking, answering, deciding, deadlines.

    alice  disputes #1: never worked              -> case #1
    olga   grants case #1 as refund.our_fault     -> ok 2.00   cash 10.00
    alice  sees case #1                           -> decided, granted as refund.our_fault

Cases and top-ups (`dep #1`) are numbered in the order of the story.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from activkode.core import sql
from activkode.core.money import dollars, micros
from activkode.funding import read as topups
from activkode.funding.chains.base import Found
from activkode.funding.policy import Asset, Chain, Reason
from activkode.funding.watch import Watcher
from activkode.support import deadlines, evidence, operations, read
from activkode.support.operations import Opening, Staff, Verdict
from activkode.support.policy import Channel, Kind, Outcome
from funding.scripted import FakeChain, address, price

if TYPE_CHECKING:
    from scenarios.interpreter import Story

_CASE = r"case #(\d+)"


def _open(story: "Story", who: str, kind: Kind, text: str, **about: int) -> str:
    opening = Opening(kind, Channel.DASHBOARD, text, customer_id=story.user(who).id, **about)
    opened = operations.open(opening)
    if opened.case_id not in story.cases:
        story.cases.append(opened.case_id)
    return f"case #{story.cases.index(opened.case_id) + 1}"


def _about(kind: Kind) -> Callable[["Story", str, str], str]:
    def play(story: "Story", who: str, words: str) -> str:
        number, text = words.split(": ", 1)
        if number.startswith("dep #"):
            return _open(story, who, kind, text, deposit_id=story.deposits[int(number[5:]) - 1])
        return _open(story, who, kind, text, activation_id=story.rented[number][1])

    return play


def _asks_about(story: "Story", who: str, words: str) -> str:
    kind, text = words.split(": ", 1)
    return _open(story, who, Kind(kind), text)


def _number(story: "Story", words: str) -> tuple[int, str]:
    match = re.match(rf"{_CASE}:? ?(.*)", words)
    assert match, words
    return story.cases[int(match[1]) - 1], match[2]


def _by_staff(act: Callable[..., object]) -> Callable[["Story", str, str], str]:
    def play(story: "Story", who: str, words: str) -> str:
        case, text = _number(story, words)
        act(case, text, staff=Staff(story.user(who).id, who))
        return "ok"

    return play


def _by_customer(act: Callable[..., object]) -> Callable[["Story", str, str], str]:
    def play(story: "Story", who: str, words: str) -> str:
        case, text = _number(story, words)
        act(story.user(who).id, case, *([text] if text else []))
        return "ok"

    return play


def _decides(outcome: Outcome) -> Callable[["Story", str, str], str]:
    def play(story: "Story", who: str, words: str) -> str:
        case, rest = _number(story, words)
        match = re.fullmatch(r"as (\S+?)(?: for (\S+))?(?: to (\w+))?(?:: (.*))?", rest)
        assert match, words
        clause, amount, right, reason = match.groups()
        verdict = Verdict(
            outcome,
            clause,
            reason or "As the records show.",
            micros(amount) if amount else None,
            story.user(right).id if right else None,
        )
        made = operations.decide(case, verdict, staff=Staff(story.user(who).id, who))
        lost = f", lost {dollars(made.loss_micros)}" if made.loss_micros else ""
        return f"ok {dollars(made.amount_micros)}{lost}"

    return play


def _sees(story: "Story", who: str, words: str) -> str:
    case, _ = _number(story, words)
    one = read.case(story.user(who).id, case)
    decided = f", {one.outcome} as {one.clause}" if one.outcome else ""
    return f"{one.state}{decided}"


def _due(story: "Story", _: str, words: str) -> str:
    case, _ = _number(story, words)
    return f"{read.any_case(case).due_at:%Y-%m-%d %H:%M}"


def _proposal(story: "Story", _: str, words: str) -> str:
    case, _ = _number(story, words)
    found = evidence.of_case(case).proposal
    return f"{found.outcome} as {found.clause}" if found.outcome else "undecided"


def _links(story: "Story", who: str, words: str) -> str:
    case, rest = _number(story, words)
    deposit = story.deposits[int(rest.removeprefix("to dep #")) - 1]
    operations.link(case, staff=Staff(story.user(who).id, who), deposit_id=deposit)
    return "ok"


def _escalates(*_: object) -> str:
    return str(sql.value("select fn.escalate(1000)"))


def _opens_cases(story: "Story", *_: object) -> str:
    made = deadlines.open_missing(1000)
    story.cases += [case for case in made if case not in story.cases]
    return str(len(made))


def _pays_in(story: "Story", who: str, words: str) -> str:
    """Bitcoin at 50,000 dollars, mined deep enough; `12.00 of another coin` is a payment that a person has to look at."""
    amount, _, odd = words.partition(" ")
    price(Asset.BTC, "50000")
    if story.chain is None:
        story.chain = FakeChain()
        Watcher(story.chain).round()
    number = len(story.deposits) + 1
    place = address(story.user(who), f"btc_{number}", Chain.BITCOIN, Asset.BTC)
    reason = Reason.WRONG_ASSET if odd else None
    asset = None if odd else Asset.BTC
    story.chain.mine(Found(f"tx{number}", 0, place, micros(amount) * 2 // 1000, asset, "", reason), count=3)
    watcher = Watcher(story.chain)
    while watcher.round():
        pass
    story.deposits.append(sql.value("select id from funding_deposit where tx = %s", (f"tx{number}",)))
    return f"dep #{number}"


def _state_of(story: "Story", _: str, number: str) -> str:
    return topups.any_topup(story.deposits[int(number) - 1]).state


VERBS: dict[str, Callable[["Story", str, str], str]] = {
    "pays in": _pays_in,
    "looks at dep #": _state_of,
    "disputes": _about(Kind.ACTIVATION_DISPUTE),
    "reports a technical error on": _about(Kind.TECHNICAL_ERROR),
    "reports an error of theirs in": _about(Kind.TOPUP_ERROR),
    "reports a doubled": _about(Kind.DUPLICATE_TOPUP),
    "asks about": _asks_about,
    "writes in": _by_customer(operations.write),
    "reopens": _by_customer(operations.reopen),
    "takes back": _by_customer(operations.withdraw),
    "answers": _by_staff(operations.answer),
    "notes in": _by_staff(operations.note),
    "asks in": _by_staff(operations.ask),
    "goes on with": _by_staff(operations.resume),
    "puts off": _by_staff(operations.interim),
    "ends": _by_staff(operations.close),
    "links": _links,
    "grants": _decides(Outcome.GRANTED),
    "refuses": _decides(Outcome.REFUSED),
    "settles": _decides(Outcome.SETTLED),
    "sees case": lambda story, who, words: _sees(story, who, f"case {words}"),
    "has the date of": _due,
    "is shown a proposal for": _proposal,
    "escalates": _escalates,
    "opens cases": _opens_cases,
    "resumes": lambda *_: str(deadlines.resume_unanswered(1000)),
}
