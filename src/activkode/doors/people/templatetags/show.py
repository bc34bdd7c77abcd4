"""How values look on pages: money, times, numbers, words. Must round nothing and decide nothing."""

import functools
import hashlib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import phonenumbers
from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from activkode.activations.policy import CLAUSES, Clause
from activkode.core import ids, money
from activkode.doors.people import words
from activkode.doors.people.payments import words as payment_words

register = template.Library()

_CLAUSES = {clause.name: clause for clause in CLAUSES}
_WHEN = "{0.day} {0:%b %Y}, {0:%H:%M:%S} UTC"
_MINUS = "\N{MINUS SIGN}"


@register.filter
def dollars(micros: int) -> str:
    """12500000 -> $12.50; never rounded."""
    text = money.dollars(abs(micros))
    return f"{_MINUS if micros < 0 else ''}${text}"


@register.filter
def plain_dollars(micros: int) -> str:
    """12500000 -> 12.50, as a form sends it back."""
    return money.dollars(micros)


@register.filter
def signed(micros: int) -> str:
    """A change of a balance, with its sign; empty where nothing changed."""
    return "" if micros == 0 else f"{'+' if micros > 0 else ''}{dollars(micros)}"


@register.filter
def negative(micros: int) -> str:
    """What is taken off: 5000000 -> −$5.00."""
    return dollars(-micros)


@register.filter
def about(micros: int) -> str:
    """An estimate: $0.42, up to the next cent."""
    return dollars(-(-micros // 10_000) * 10_000)


@register.filter
def when(value: str | datetime | None) -> str | SafeString:
    """A time in UTC with its date, as a <time> element."""
    return _time(value, _WHEN)


@register.filter
def exactly(value: str | datetime | None) -> str | SafeString:
    """The same with milliseconds, where the order of two events matters."""
    return _time(value, "{0.day} {0:%b %Y}, {0:%H:%M:%S}.{1:03} UTC")


@register.filter
def at(value: str | datetime | None) -> str | SafeString:
    """The time of day alone."""
    return _time(value, "{0:%H:%M:%S} UTC")


@register.filter
def seconds(value: float | None) -> str:
    """A measured delay: 0.8 s, 12.4 s."""
    return "\N{EN DASH}" if value is None else f"{value:.1f} s"


@register.filter
def duration(whole_seconds: int | None) -> str:
    """A window: 5 s, 20 min, 1 h 30 min."""
    if whole_seconds is None:
        return ""
    hours, rest = divmod(whole_seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = ((hours, "h"), (minutes, "min"), (left, "s"))
    return " ".join(f"{amount} {unit}" for amount, unit in parts if amount) or "0 s"


@register.filter
def address(value: str) -> str:
    """A telephone number as its country writes it for abroad; an e-mail address as it is."""
    if not value.isdigit():
        return value
    try:
        number = phonenumbers.parse(f"+{value}")
    except phonenumbers.NumberParseException:
        return f"+{value}"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@register.filter
def dialled(value: str) -> str:
    """What is copied: E.164 with the plus, or the e-mail address."""
    return f"+{value}" if value.isdigit() else value


@register.filter
def percent(rate: Decimal | None) -> str:
    """A share of activations that got a code."""
    return "new" if rate is None else f"{rate * 100:.0f} %"


@register.filter
def state_word(state: str) -> str:
    """A state in words."""
    return words.STATES[state]


@register.filter
def tone(state: str) -> str:
    """The colour's name of a state."""
    return words.TONES[state]


@register.filter
def movement_word(movement: str) -> str:
    """A movement in words; a new one is called by its own name."""
    return words.MOVEMENT_NAMES.get(movement, movement)


@register.filter
def kind_word(kind: str) -> str:
    """What is rented, in words."""
    return words.KINDS[kind]


@register.filter
def verdict_word(verdict: str) -> str:
    """A verdict of the support check in words."""
    return words.VERDICTS[verdict]


@register.filter
def verdict_tone(verdict: str) -> str:
    """The colour's name of a verdict."""
    return words.VERDICT_TONES[verdict]


@register.filter
def clause(name: str | None) -> Clause | None:
    """The policy's clause of that name."""
    return _CLAUSES.get(name or "")


@register.filter
def act(number: int) -> str:
    """The public id of an activation."""
    return ids.show(ids.ACTIVATION, number)


@register.filter
def dep(number: int) -> str:
    """The public id of a top-up."""
    return ids.show(ids.DEPOSIT, number)


@register.filter
def wdr(number: int) -> str:
    """The public id of a withdrawal."""
    return ids.show(ids.WITHDRAWAL, number)


@register.filter
def payout_word(state: str) -> str:
    """A payout's state in words, for staff."""
    return payment_words.PAYOUTS[state]


@register.filter
def payout_tone(state: str) -> str:
    """The colour's name of a payout's state."""
    return payment_words.PAYOUT_TONES[state]


@register.filter
def pay(number: int) -> str:
    """The public id of a payout."""
    return ids.show(ids.PAYOUT, number)


@register.filter
def case(number: int) -> str:
    """The public id of a case."""
    return ids.show(ids.CASE, number)


@register.filter
def ago(then: datetime, now: datetime) -> str:
    """How long ago, in its largest unit: 12 min, 5 h, 3 days."""
    return _span(int((now - then).total_seconds()))


@register.filter
def day(value: datetime | None) -> str | SafeString:
    """A day in UTC in full: Friday, 4 December 2026."""
    return _time(value, "{0:%A}, {0.day} {0:%B} {0.year}")


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file, with a hash of its content, so that it may be cached and still change."""
    return f"{static(path)}?v={_digest(path)}"


@functools.cache
def _digest(path: str) -> str:
    found = finders.find(path)
    assert isinstance(found, str), f"no static file {path}"
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10]


def moment_text(moment: datetime) -> str:
    """A time in UTC with its date, where there is no page to mark it up."""
    return _WHEN.format(moment.astimezone(UTC))


def _span(whole_seconds: int) -> str:
    left = max(0, whole_seconds)
    if left < 3600:
        return f"{left // 60} min"
    return f"{left // 3600} h" if left < 48 * 3600 else f"{left // 86400} days"


def _time(value: str | datetime | None, pattern: str) -> str | SafeString:
    if value is None:
        return "\N{EN DASH}"
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    moment = moment.astimezone(UTC)
    text = pattern.format(moment, moment.microsecond // 1000)
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(timespec="milliseconds"), text)
