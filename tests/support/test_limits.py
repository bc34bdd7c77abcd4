"""30 and 7 days to the second, on the calendars of three time zones; business days over a holiday weekend (POLICY 1.5, 2.4)."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from activkode.activations.read import Activation
from activkode.core import sql
from activkode.core.errors import Code, Refusal
from activkode.funding import policy as funding
from activkode.identity.models import User
from activkode.support import operations, read
from activkode.support.operations import Opening, Staff
from activkode.support.policy import FIGURES, Channel, Figure, Kind
from funding.lives import live
from support import moving

pytestmark = pytest.mark.django_db

ZONES = ("Pacific/Kiritimati", "UTC", "Pacific/Pago_Pago")
DAYS = FIGURES[Figure.DISPUTE_DAYS]
# Just after and just before midnight of each zone, and in between.
HOURS = (time(0, 0, 1), time(9, 30), time(23, 59, 59))


def ends(at: datetime, days: int) -> datetime:
    """When the time is over, as the database counts."""
    found: datetime = sql.value("select fn.day_ends(%s, %s)", (at, days))
    return found


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", HOURS, ids=str)
@pytest.mark.parametrize("days", [DAYS, funding.FIGURES[funding.Figure.TOPUP_ERROR_DAYS]])
def test_who_counts_the_days_on_the_own_calendar_is_in_time(zone: str, hour: time, days: int) -> None:
    there = datetime(2026, 12, 1, hour.hour, hour.minute, hour.second, tzinfo=ZoneInfo(zone))
    last_day = there.date() + timedelta(days=days)
    last_moment = datetime.combine(last_day, time(23, 59, 59), tzinfo=ZoneInfo(zone))
    assert last_moment.astimezone(UTC) < ends(there.astimezone(UTC), days)


@pytest.mark.parametrize("zone", ZONES)
def test_two_days_later_nobody_is_in_time(zone: str) -> None:
    there = datetime(2026, 12, 1, 12, tzinfo=ZoneInfo(zone))
    assert ends(there.astimezone(UTC), DAYS) < there.astimezone(UTC) + timedelta(days=DAYS + 2)


@pytest.mark.parametrize("session", ZONES)
def test_the_time_zone_of_the_connection_does_not_count(session: str) -> None:
    sql.execute("select set_config('TimeZone', %s, true)", (session,))
    # Compared by the database: what reads its rows takes every connection for one in UTC.
    assert sql.value(
        "select fn.day_ends(timestamptz '2026-03-01 10:00+00', %s) = timestamptz '2026-04-01 12:00+00'",
        (DAYS,),
    )


@pytest.fixture
def old(alice: User, fulfilled: Callable[[], Activation]) -> Activation:
    """Of the first of December: its day 30 ends on the first of January at noon."""
    moving.to("2026-12-01 10:00")
    return fulfilled()


def dispute(alice: User, one: Activation, received_at: datetime | None = None) -> int:
    opening = Opening(
        Kind.ACTIVATION_DISPUTE,
        Channel.EMAIL,
        "It failed.",
        alice.id,
        activation_id=one.id,
        received_at=received_at,
    )
    return operations.open(opening).case_id


def test_a_mail_that_came_in_time_is_in_time_whenever_it_is_read(alice: User, old: Activation) -> None:
    moving.to("2027-01-04 00:00")
    at = datetime(2027, 1, 1, 11, 59, 59, tzinfo=UTC)
    assert read.case(alice.id, dispute(alice, old, at)).received_at == at


def test_a_second_later_it_is_refused_with_the_rule(alice: User, old: Activation) -> None:
    moving.to("2027-01-04 00:00")
    with pytest.raises(Refusal) as refused:
        dispute(alice, old, datetime(2027, 1, 1, 12, tzinfo=UTC))
    assert (refused.value.code, refused.value.clause) == (Code.DISPUTE_TOO_LATE, "keep.dispute_late")
    assert refused.value.extra["until"] == "2027-01-01T12:00:00.000Z"


def test_a_mail_from_the_future_is_received_now(alice: User, old: Activation) -> None:
    moving.to("2026-12-20 00:00")
    case = read.case(alice.id, dispute(alice, old, datetime(2027, 6, 1, tzinfo=UTC)))
    assert case.received_at <= case.opened_at
    assert case.due_at == datetime(2026, 12, 23, 23, 59, 59, tzinfo=UTC)


@pytest.mark.plants_violation
def test_too_late_is_in_time_where_the_records_show_our_error(alice: User, old: Activation) -> None:
    sql.execute("set role none")
    sql.execute("update intake_fate set settled_at = settled_at + interval '61 seconds'")
    moving.to("2027-03-01 00:00")
    assert read.case(alice.id, dispute(alice, old)).kind is Kind.TECHNICAL_ERROR


@pytest.mark.parametrize(("moment", "in_time"), [("2026-12-09 11:59:58", True), ("2026-12-09 12:00", False)])
def test_a_topup_made_in_error_is_told_by_the_end_of_day_seven(
    alice: User, moment: str, in_time: bool
) -> None:
    moving.to("2026-12-01 10:00")
    live(alice, "credited")
    deposit = sql.value("select id from funding_deposit")
    opening = Opening(Kind.TOPUP_ERROR, Channel.DASHBOARD, "By mistake.", alice.id, deposit_id=deposit)
    moving.to(moment)
    if in_time:
        assert operations.open(opening).joined is False
        return
    with pytest.raises(Refusal) as refused:
        operations.open(opening)
    assert (refused.value.code, refused.value.clause) == (Code.TOPUP_ERROR_TOO_LATE, "keep.topup_error_late")


@pytest.mark.parametrize("kind", [Kind.TECHNICAL_ERROR, Kind.OTHER])
def test_errors_of_ours_have_no_limit(alice: User, old: Activation, kind: Kind) -> None:
    moving.to("2029-12-03 00:00")
    opening = Opening(kind, Channel.API, "It failed.", alice.id, activation_id=old.id)
    assert operations.open(opening).joined is False


# --- business days ---


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-27 23:59:59", "2026-12-02"),  # late on a Friday: day 0 all the same
        ("2026-11-28 10:00", "2026-12-02"),  # a Saturday
        ("2026-12-23 22:00", "2026-12-29"),  # the 25th is a holiday
        ("2026-12-30 09:00", "2027-01-05"),  # and so is New Year's Day
        ("2027-03-25 09:00", "2027-04-01"),  # Good Friday and Easter Monday
    ],
)
def test_a_decision_is_due_at_the_end_of_the_third_business_day(alice: User, received: str, due: str) -> None:
    moving.to(received)
    opened = operations.open(Opening(Kind.OTHER, Channel.DASHBOARD, "Hello?", alice.id))
    assert opened.due_at == f"{due}T23:59:59.000Z"


@pytest.mark.parametrize(
    ("asked", "answered", "due", "days"),
    [
        ("2026-12-22 10:00", "2026-12-22 18:00", "2026-12-24", 0),  # the same day
        ("2026-12-22 10:00", "2026-12-23 09:00", "2026-12-28", 1),
        ("2026-12-24 10:00", "2026-12-24 23:00", "2026-12-24", 0),
        ("2026-12-24 10:00", "2026-12-27 09:00", "2026-12-28", 1),  # on a Sunday: the next day that is one
        ("2026-12-24 10:00", "2026-12-28 09:00", "2026-12-28", 1),
        ("2026-12-24 10:00", "2027-01-04 09:00", "2027-01-04", 5),
    ],
)
def test_a_pause_puts_the_date_off_by_its_business_days(
    alice: User, olga: Staff, asked: str, answered: str, due: str, days: int
) -> None:
    moving.to("2026-12-21 10:00")
    case = operations.open(Opening(Kind.OTHER, Channel.DASHBOARD, "Hello?", alice.id)).case_id
    moving.to(asked)
    operations.ask(case, "Which?", staff=olga)
    moving.to(answered)
    operations.write(alice.id, case, "This.")

    seen = read.case(alice.id, case)

    assert f"{seen.due_at:%Y-%m-%d %H:%M:%S}" == f"{due} 23:59:59"
    assert f"{seen.first_due_at:%Y-%m-%d}" == "2026-12-24"
    assert read.questions(case)[0].days == days


def test_a_question_after_the_date_puts_nothing_off(alice: User, olga: Staff) -> None:
    moving.to("2026-12-07 10:00")
    case = operations.open(Opening(Kind.OTHER, Channel.DASHBOARD, "Hello?", alice.id)).case_id
    moving.to("2026-12-11 10:00")
    operations.ask(case, "Which?", staff=olga)
    moving.to("2026-12-21 10:00")
    operations.write(alice.id, case, "This.")
    assert f"{read.case(alice.id, case).due_at:%Y-%m-%d}" == "2026-12-10"
