"""A random history of cases from one seed: customers rent, receive, pay in, ask, answer, take back, reopen; staff asks, puts
off, links, decides under any clause; time passes, and the clock works.
"""

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import cast
from activkode.activations import operations as activations
from activkode.activations.operations import Rent
from activkode.activations.policy import Event as Step
from activkode.core import sql
from activkode.core.errors import Refusal
from activkode.funding.chains.base import Found
from activkode.funding.policy import Asset, Chain, Reason
from activkode.funding.watch import Watcher
from activkode.identity import suspension
from activkode.intake import deliver
from activkode.intake.messages import Inbound
from activkode.intake.messages import Kind as Carried
from activkode.support import deadlines, evidence, operations
from activkode.support.operations import Opening, Staff, Verdict
from activkode.support.policy import CLAUSES, Channel, Kind
from funding.scripted import FakeChain, address, price
from support import moving

_serial = itertools.count()


@dataclass
class History:
    """One run. `log` tells what happened, for a failure's message."""

    seed: int
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self.people = [cast.person(name) for name in ("alice", "bob", "carla")]
        for user in self.people:
            cast.fund(user, "20.00")
            cast.fund(user, "3.00", promo=True)
        # Staff are customers too: the last one also rents and asks.
        self.staff = [Staff(cast.person(name).id, name) for name in ("olga", "oscar")]
        self.staff.append(Staff(self.people[2].id, "carla"))
        self.chain = FakeChain()
        Watcher(self.chain).round()

    def step(self) -> None:
        """One random thing happens; a refusal is an outcome like any other."""
        act = self._random.choices(list(ACTS), weights=list(ACTS.values()))[0]
        try:
            told = act(self)
        except Refusal as refusal:
            told = str(refusal.code)
        self.log.append(f"{act.__name__.strip('_')} {told or ''}")
        moving.works_off()

    # --- what may happen ---

    def _rent(self) -> str:
        user = self._one(self.people)
        one = activations.open(user.id, Rent(self._one(("shop", "plain", "slow")), "GB")).activation
        end = self._one(("code", "code", "code", "cancel", "nothing", "fail"))
        if end == "code":
            text = f"Your code is {self._random.randrange(100_000, 999_999)}"
            inbound = Inbound("carl", f"h{next(_serial)}", Carried.SMS, one.address, one.service, b"", text)
            deliver.settle(deliver.receive(inbound))
        elif end != "nothing":
            activations.apply(user.id, one.id, Step.CANCEL if end == "cancel" else Step.FAIL)
        return f"{user.email} {end}"

    def _pay_in(self) -> str:
        user, number = self._one(self.people), next(_serial)
        price(Asset.BTC, "50000")
        place = address(user, f"h{number}", Chain.BITCOIN, Asset.BTC)
        odd = self._random.random() < 0.3
        found = Found(
            f"h{number}",
            0,
            place,
            10_000,
            None if odd else Asset.BTC,
            "",
            Reason.WRONG_ASSET if odd else None,
        )
        self.chain.mine(found, count=3)
        watcher = Watcher(self.chain)
        while watcher.round():
            pass
        return f"{user.email} {'odd' if odd else ''}"

    def _ask_about(self) -> str:
        user, about = self._one(self.people), self._one(("activation", "deposit", "nothing"))
        numbers = {
            "activation": "select id from activations_activation",
            "deposit": "select id from funding_deposit",
        }
        number = self._any(numbers[about]) if about in numbers else None
        opening = Opening(
            self._one(list(Kind)),
            self._one((Channel.API, Channel.EMAIL)),
            "It was rejected." if self._random.random() < 0.5 else "It failed.",
            user.id,
            **{f"{about}_id": number} if number else {},
        )
        return str(operations.open(opening))

    def _said(self) -> str:
        act = self._one(
            (operations.answer, operations.note, operations.ask, operations.interim, operations.resume)
        )
        return f"{act.__name__} {act(self._case(), 'Words.', staff=self._one(self.staff))}"

    def _customer(self) -> str:
        user, case = self._one(self.people), self._case()
        act = self._one(("write", "write", "reopen", "reopen", "withdraw"))
        if act == "withdraw":
            operations.withdraw(user.id, case)
        else:
            getattr(operations, act)(user.id, case, "More words.")
        return f"{act} {case}"

    def _link(self) -> str:
        deposit = self._any("select id from funding_deposit")
        case = self._case()
        operations.link(case, staff=self._one(self.staff), deposit_id=deposit)
        return f"{case} to {deposit}"

    def _decide(self) -> str:
        rule, case = self._one(CLAUSES), self._case()
        if self._random.random() < 0.4:  # as the records propose
            proposal = evidence.of_case(case).proposal
            if proposal.outcome and proposal.clause:
                rule = next(
                    one for one in CLAUSES if (one.outcome, one.clause) == (proposal.outcome, proposal.clause)
                )
        amount = self._one((None, None, 1, 1_000_000, 10_000_000))
        right = self._one((None, None, self._one(self.people).id))
        verdict = Verdict(rule.outcome, rule.clause, "So it is.", amount, right)
        return str(operations.decide(case, verdict, staff=self._one(self.staff)))

    def _suspend(self) -> str:
        user = self._one(self.people)
        act = self._one((suspension.suspend, suspension.lift, suspension.lift))
        act(user.id, actor="olga", reason="story")
        return f"{act.__name__} {user.email}"

    def _time(self) -> str:
        much = self._one(("10 minutes", "1 day", "3 days", "15 days"))
        moving.to(str(sql.value("select (fn.now() at time zone 'UTC') + %s::interval", (much,))))
        return much

    def _clock(self) -> str:
        return f"{deadlines.open_missing(20)} {deadlines.resume_unanswered(20)}"

    # --- parts ---

    def _one(self, many):  # type: ignore[no-untyped-def]
        return self._random.choice(many)

    def _any(self, query: str) -> int | None:
        found = [row[0] for row in sql.rows(query)]
        return self._one(sorted(found)) if found else None

    def _case(self) -> int:
        return self._any("select id from support_case") or 0


ACTS: dict[Callable[[History], str], int] = {
    History._rent: 12,
    History._pay_in: 6,
    History._ask_about: 18,
    History._said: 10,
    History._customer: 12,
    History._link: 6,
    History._decide: 24,
    History._suspend: 3,
    History._time: 5,
    History._clock: 4,
}
