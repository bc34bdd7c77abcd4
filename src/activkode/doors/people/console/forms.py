"""What an operator's forms may hold; anything else in a request is not read."""

from typing import Any

from django import forms

from activkode.catalogue import models as catalogue
from activkode.catalogue.operations import OfferForm, ServiceForm
from activkode.core.errors import Code, Refusal
from activkode.core.money import dollars, micros
from activkode.doors.people.uploads import Files, Several
from activkode.mailbox.policy import Fate
from activkode.withdrawals.policy import Kind as Payout

DOLLARS = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "placeholder": "0.25"})


class Find(forms.Form):
    """A search and the place in its list."""

    q = forms.CharField(max_length=254, required=False, strip=True)
    country = forms.CharField(max_length=2, required=False)
    state = forms.ChoiceField(
        choices=[("", "All"), ("active", "Active"), ("retired", "Retired")], required=False
    )
    before = forms.RegexField(r"^[1-9][0-9]{0,17}\Z", required=False)

    def asked(self) -> dict[str, Any]:
        """What was asked for, empty where it cannot be read."""
        return dict(self.cleaned_data) if self.is_valid() else {}


class Mails(Find):
    """Which mails, by what became of them."""

    show = forms.ChoiceField(choices=[(fate, fate) for fate in Fate], required=False)


class Reason(forms.Form):
    """Why something is done to a customer: kept in the audit log for ever."""

    reason = forms.CharField(
        max_length=500, strip=True, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class Credit(Reason):
    """Credit for a customer."""

    kind = forms.ChoiceField(
        choices=[("goodwill_grant", "Goodwill (cash)"), ("promo_grant", "Promotional (to spend only)")]
    )
    amount = forms.CharField(max_length=20, label="Amount in dollars", widget=DOLLARS)
    field_order = ["amount", "kind", "reason"]

    def clean_amount(self) -> int:
        """Micro-dollars, more than nothing."""
        return positive(self.cleaned_data["amount"])


class Decision(Reason):
    """What becomes of a deposit under a case."""

    decision = forms.ChoiceField()
    field_order = ["decision", "reason"]

    def __init__(self, *args: Any, decisions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = decisions  # type: ignore[attr-defined]


class Waive(forms.Form):
    """Which of a customer's top-ups was paid twice, and leaves without the fee."""

    deposit = forms.ChoiceField(label="Top-up that was paid in twice")

    def __init__(self, *args: Any, topups: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deposit"].choices = topups  # type: ignore[attr-defined]


class Replace(forms.Form):
    """What a second transaction of a payout does."""

    kind = forms.ChoiceField(choices=[(str(kind), str(kind)) for kind in Payout])


class SignedFiles(forms.Form):
    """Signed payouts, as `activkode sign-payout` writes them."""

    signed = Files(
        most=50,
        label="Signed files",
        help_text="As sign-payout writes them. Each is compared with what was handed out.",
        widget=Several(attrs={"accept": ".json,application/json"}),
    )


class NumbersFile(forms.Form):
    """A CSV file of numbers."""

    file = forms.FileField(
        label="CSV file",
        help_text="UTF-8, first line: phone,country,operator,link. With one bad line nothing is added.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


class Service(forms.Form):
    """A service."""

    code = forms.SlugField(max_length=40, help_text="As programs name it: letters, digits, hyphens.")
    name = forms.CharField(max_length=80, strip=True)
    virtual_numbers = forms.ChoiceField(choices=catalogue.VirtualNumbers.choices, label="Virtual numbers")
    open_despite_ban = forms.BooleanField(
        required=False, label="Open although it bans virtual numbers (asks for an acknowledgement)"
    )
    window_seconds = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=86_400,
        label="Window in seconds",
        help_text="Empty: the policy's.",
    )
    cancel_lock_seconds = forms.IntegerField(
        min_value=0,
        max_value=3_600,
        initial=0,
        label="Cancel lock in seconds",
        help_text="0: from the first second.",
    )
    senders = forms.CharField(
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Sender names and domains that are plainly its own, one a line.",
    )
    active = forms.BooleanField(required=False, initial=True, label="Shown to customers")

    def value(self) -> ServiceForm:
        """What operations take."""
        data = self.cleaned_data
        senders = tuple(line.strip() for line in data["senders"].splitlines() if line.strip())
        return ServiceForm(**(data | {"senders": senders}))


class Offer(forms.Form):
    """A price of a service."""

    kind = forms.ChoiceField(choices=catalogue.Kind.choices)
    country = forms.ChoiceField(required=False, help_text="For numbers.")
    operator = forms.CharField(
        max_length=120, strip=True, initial="any", help_text="For e-mail: the mail domain."
    )
    price = forms.CharField(max_length=20, label="Price in dollars", widget=DOLLARS)
    active = forms.BooleanField(required=False, initial=True, label="Open")

    def __init__(self, *args: Any, countries: list[tuple[str, str]], **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "offer_%s")  # it stands beside another form
        super().__init__(*args, **kwargs)
        choices = [("", "No country"), *((code, f"{name} ({code})") for code, name in countries)]
        self.fields["country"].choices = choices  # type: ignore[attr-defined]

    def clean_price(self) -> int:
        """Micro-dollars, more than nothing."""
        return positive(self.cleaned_data["price"])

    def clean(self) -> dict[str, Any]:
        """Numbers have a country, e-mail addresses have none."""
        data = super().clean() or {}
        if data.get("kind") == catalogue.Kind.SMS and not data.get("country"):
            self.add_error("country", "A number belongs to a country.")
        if data.get("kind") == catalogue.Kind.EMAIL and data.get("country"):
            self.add_error("country", "An e-mail address belongs to no country.")
        return data

    def value(self, service: str) -> OfferForm:
        """What operations take."""
        data = self.cleaned_data
        country = data["country"] or None
        return OfferForm(service, data["kind"], country, data["operator"], data["price"], data["active"])


def must_be_valid(form: forms.Form) -> None:
    """Raises Refusal(invalid_request) with the first mistake."""
    if not form.is_valid():
        field, mistakes = next(iter(form.errors.items()))
        label = form.fields[field].label or field.capitalize() if field in form.fields else "Form"
        raise Refusal(Code.INVALID_REQUEST, f"{label}: {mistakes[0]}")


def positive(text: str) -> int:
    """Micro-dollars of an amount above nothing. Raises forms.ValidationError."""
    try:
        amount = micros(text.strip())
    except Refusal as refusal:
        raise forms.ValidationError(refusal.told) from None
    if amount <= 0:
        raise forms.ValidationError(f"More than {dollars(0)}.")
    return amount
