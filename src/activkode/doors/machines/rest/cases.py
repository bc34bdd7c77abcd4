"""Asking for a person's look: open, follow and answer cases. Must never decide, nor show what is internal."""

import msgspec

from activkode.core import ids
from activkode.core.errors import Code
from activkode.core.money import dollars
from activkode.doors.machines import case_shapes, render
from activkode.doors.machines.queries import given
from activkode.doors.machines.rest.answers import before, carried_out_once, part
from activkode.doors.machines.rest.call import Answer, Ask
from activkode.support import operations, read
from activkode.support.policy import FIGURES, Channel, Figure, State


def open_case(ask: Ask) -> Answer:
    """POST /v1/cases"""
    wanted: case_shapes.CaseWanted = ask.body
    opening = operations.Opening(
        wanted.kind,
        Channel.API,
        wanted.description,
        customer_id=ask.customer,
        activation_id=_named(ids.ACTIVATION, wanted.activation, Code.UNKNOWN_ACTIVATION),
        deposit_id=_named(ids.DEPOSIT, wanted.transaction, Code.UNKNOWN_TRANSACTION),
        withdrawal_id=_named(ids.WITHDRAWAL, wanted.transaction, Code.UNKNOWN_TRANSACTION),
    )

    def carry_out() -> case_shapes.Case:
        opened = operations.open(opening)
        return msgspec.structs.replace(_case(read.case(ask.customer, opened.case_id)), joined=opened.joined)

    return carried_out_once(ask, case_shapes.Case, carry_out)


def page(ask: Ask) -> Answer:
    """GET /v1/cases"""
    query: case_shapes.CasesQuery = ask.query
    state = given(query.state)
    found = read.cases(
        ask.customer,
        states=None if state is None else [state],
        before=before(query.cursor, ids.CASE),
        limit=query.limit + 1,
    )
    return part(found, query.limit, _case, lambda item: item.id)


def one(ask: Ask) -> Answer:
    """GET /v1/cases/{id}"""
    return Answer(render.encode(_case(read.case(ask.customer, ids.read(ids.CASE, ask.path["id"])))))


def say(ask: Ask) -> Answer:
    """POST /v1/cases/{id}/messages"""
    words: case_shapes.CaseWords = ask.body
    number = ids.read(ids.CASE, ask.path["id"])

    def carry_out() -> case_shapes.Case:
        is_decided = read.case(ask.customer, number).state == State.DECIDED
        (operations.reopen if is_decided else operations.write)(ask.customer, number, words.text)
        return _case(read.case(ask.customer, number))

    return carried_out_once(ask, case_shapes.Case, carry_out)


def _named(prefix: str, text: str | None, unknown: Code) -> int | None:
    return ids.read(prefix, text, unknown) if text and text.startswith(prefix) else None


def _case(one: read.Case) -> case_shapes.Case:
    return case_shapes.Case(
        id=ids.show(ids.CASE, one.id),
        kind=one.kind,
        state=one.state,
        subject=one.subject,
        description=one.description,
        activation=_shown(ids.ACTIVATION, one.activation_id),
        topup=_shown(ids.DEPOSIT, one.deposit_id),
        withdrawal=_shown(ids.WITHDRAWAL, one.withdrawal_id),
        received_at=render.time(one.received_at),
        due_at=render.time(one.due_at),
        first_due_at=render.time(one.first_due_at),
        paused_at=render.when(one.paused_at),
        closed_at=render.when(one.closed_at),
        messages=[
            case_shapes.CaseMessage(render.time(each.at), each.author, each.event, each.text)
            for each in read.messages(one.id)
        ],
        decisions=[_decision(each) for each in read.decisions(one.id)],
        can_reopen=one.state == State.DECIDED and one.number != FIGURES[Figure.DECISIONS_MOST],
        policy_version=one.policy_version,
    )


def _decision(one: read.DecisionLine) -> case_shapes.CaseDecision:
    return case_shapes.CaseDecision(
        number=one.number,
        at=render.time(one.at),
        due_at=render.time(one.due_at),
        outcome=one.outcome,
        clause=one.clause,
        reason=one.reason,
        credited=dollars(one.amount_micros),
    )


def _shown(prefix: str, number: int | None) -> str | None:
    return None if number is None else ids.show(prefix, number)
