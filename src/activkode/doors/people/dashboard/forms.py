"""What a customer's forms may hold; anything else in a request is not read."""

import secrets
from datetime import UTC, date, datetime, timedelta

from django import forms

from activkode.activations.policy import CLOSED, OPEN, State
from activkode.core.errors import Refusal
from activkode.core.money import micros

_KINDS = (("", "Numbers and addresses"), ("sms", "Phone numbers"), ("email", "E-mail addresses"))
_LAST_DAY = date.max - timedelta(days=1)
# The groups that a history is filtered by.
GROUPS: dict[str, tuple[str, tuple[State, ...]]] = {
    "open": ("Open", OPEN),
    "code": ("With a code", (State.RECEIVED, State.COMPLETED)),
    "refunded": ("Refunded", tuple(state for state in CLOSED if state is not State.COMPLETED)),
}


class Search(forms.Form):
    """What to rent."""

    q = forms.CharField(max_length=80, required=False, strip=True)
    country = forms.CharField(max_length=2, required=False)
    kind = forms.ChoiceField(choices=_KINDS, required=False)
    page = forms.IntegerField(min_value=1, max_value=1000, required=False)


class Rent(forms.Form):
    """One offer, as it was shown: `price` is the price seen, `key` makes a second click the same purchase."""

    service = forms.SlugField(max_length=40)
    country = forms.CharField(max_length=2, required=False)
    operator = forms.CharField(max_length=255)
    kind = forms.ChoiceField(choices=_KINDS[1:])
    price = forms.CharField(max_length=20)
    acknowledge = forms.BooleanField(required=False)
    key = forms.CharField(max_length=64)

    def clean_price(self) -> int:
        """Micro-dollars."""
        try:
            return micros(self.cleaned_data["price"])
        except Refusal as refusal:
            raise forms.ValidationError(refusal.told) from None


class History(forms.Form):
    """Which activations to list."""

    show = forms.ChoiceField(
        choices=[("", "All"), *((name, group[0]) for name, group in GROUPS.items())], required=False
    )
    service = forms.SlugField(max_length=40, required=False)
    before = forms.RegexField(r"^[1-9][0-9]{0,17}\Z", required=False)


class Period(forms.Form):
    """A statement's days, both included, in UTC."""

    start = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    end = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def bounds(self, today: date) -> tuple[date, date]:
        """The days asked for, else this month up to today."""
        asked = self.cleaned_data if self.is_valid() else {}
        end = asked.get("end") or today
        start = asked.get("start") or min(end, today).replace(day=1)
        return min(start, end), end


class FakePayment(forms.Form):
    """An amount that the demo's fake wallet pays, in whole coins."""

    amount = forms.RegexField(
        r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,18})?\Z",
        max_length=32,
        label="Amount",
        error_messages={"invalid": 'An amount is written like "0.015".'},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


class NewKey(forms.Form):
    """An API key's name for its owner."""

    name = forms.CharField(
        label="Name",
        max_length=60,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "for example: checkout tests"}),
    )


def new_key() -> str:
    """Names one purchase, so that sending its form twice buys once."""
    return f"page-{secrets.token_urlsafe(18)}"


def midnight(day: date) -> datetime:
    """The beginning of a day in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def after(day: date) -> datetime:
    """The end of a day in UTC, itself outside it."""
    return midnight(min(day, _LAST_DAY)) + timedelta(days=1)
