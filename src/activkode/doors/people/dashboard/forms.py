"""What a customer's forms may hold; anything else in a request is not read."""

import secrets
from datetime import UTC, date, datetime, timedelta

from django import forms
from django.http import HttpRequest

from activkode.activations.policy import CLOSED, OPEN, State
from activkode.core.errors import Refusal
from activkode.core.money import micros
from activkode.doors.people.payments import words as payment_words
from activkode.funding.policy import ASSETS, Asset
from activkode.withdrawals.policy import FIGURES, Figure

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


_UNSPELT = {"autocomplete": "off", "autocapitalize": "off", "autocorrect": "off", "spellcheck": "false"}
_TYPED = FIGURES[Figure.ADDRESS_CHARACTERS_TYPED]


class Withdraw(forms.Form):
    """What leaves the balance, in which coin, and where to."""

    asset = forms.ChoiceField(
        choices=[(str(rule.asset), rule.name) for rule in ASSETS],
        error_messages={"required": "Choose a coin.", "invalid_choice": "Choose one of these coins."},
    )
    address = forms.CharField(
        max_length=500,
        error_messages={"required": "Give the address to pay to."},
        widget=forms.TextInput(attrs=_UNSPELT),
    )
    amount = forms.CharField(
        max_length=20,
        required=False,
        strip=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "placeholder": "20.00"}),
    )
    everything = forms.BooleanField(required=False)

    def clean(self) -> dict[str, object]:
        """`gross_micros`: what was asked for, None for all."""
        data = super().clean() or {}
        data["gross_micros"] = None
        if not data.get("everything"):
            try:
                data["gross_micros"] = micros(data.get("amount", "").lstrip("$"))
            except Refusal as refusal:
                told = refusal.told if data.get("amount") else "Give an amount, or choose all of it."
                self.add_error("amount", told)
        return data

    def asked(self) -> tuple[Asset, str, int | None]:
        """Coin, address, gross in micro-dollars (None: all)."""
        data = self.cleaned_data
        return Asset(data["asset"]), data["address"], data["gross_micros"]

    def refuse(self, refusal: Refusal) -> None:
        """Says it beside the field that it is about."""
        self.add_error(payment_words.FIELDS.get(refusal.code), payment_words.told(refusal))


class Quoted(forms.Form):
    """The network's cost as it was shown, in micro-dollars; empty where it could not be told."""

    quote = forms.RegexField(r"^[0-9]{1,15}\Z", required=False, widget=forms.HiddenInput)

    def quote_micros(self) -> int | None:
        """The cost."""
        quote = self.cleaned_data["quote"]
        return int(quote) if quote else None


class Confirm(Quoted):
    """The last characters of the address, typed by hand from where the customer keeps it (POLICY 2.3.4)."""

    typed = forms.CharField(
        max_length=40,
        strip=True,
        label=f"The last {_TYPED} characters of the address",
        error_messages={"required": f"Type the last {_TYPED} characters of the address."},
        widget=forms.TextInput(attrs=_UNSPELT),
    )

    def __init__(self, *args: object, address: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._end = address[-_TYPED:]
        # Hexadecimal addresses and those of segwit are the same in small letters.
        self._folds = address.startswith("0x") or address.lower() == address

    def clean_typed(self) -> str:
        """What was typed, where it is the end of the address."""
        typed: str = self.cleaned_data["typed"]
        same = typed.casefold() == self._end.casefold() if self._folds else typed == self._end
        if not same:
            raise forms.ValidationError(
                f"These are not the last {_TYPED} characters of the address above. Compare it with your wallet,"
                " letter by letter; if it is another one, cancel this request."
            )
        return typed


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


def before(request: HttpRequest) -> int | None:
    """The place in a list: only what is older than this id."""
    form = History(request.GET)
    asked = form.cleaned_data.get("before") if form.is_valid() else None
    return int(asked) if asked else None
