"""What an operator's forms about cases may hold; anything else in a request is not read."""

from typing import Any

from django import forms

from activkode.doors.people.cases import words
from activkode.doors.people.console.forms import DOLLARS, positive
from activkode.support.policy import CLAUSES, FIGURES, Figure, Kind

_TEXT = FIGURES[Figure.CASE_TEXT_MOST]
# What staff does to a case with a text: the label of its button, and who reads the text.
SAYINGS = {
    "answer": "Answer",
    "ask": "Ask, and stop the clock",
    "interim": "Say why it takes longer",
    "note": "Keep as internal note",
    "resume": "Go on without an answer",
    "reopen": "Reopen with new facts",
    "close": "Close without a decision",
}


class Say(forms.Form):
    """A text of staff in a case."""

    event = forms.ChoiceField(choices=list(SAYINGS.items()), label="What you do")
    text = forms.CharField(max_length=_TEXT, widget=forms.Textarea(attrs={"rows": 4}))


class Verdict(forms.Form):
    """A decision under a clause; the customer reads the reason."""

    decision = forms.ChoiceField(label="Decision and clause")
    amount = forms.CharField(
        max_length=20,
        required=False,
        label="Amount in dollars",
        help_text="Empty: all that the clause gives, the price at most.",
        widget=DOLLARS,
    )
    right_customer = forms.RegexField(
        r"^[1-9][0-9]{0,17}\Z",
        required=False,
        label="Whose it is (customer number)",
        help_text="For a top-up in the wrong account.",
    )
    reason = forms.CharField(
        max_length=_TEXT,
        label="Reason, which the customer reads",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, about: str | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            (f"{rule.outcome} {rule.clause}", f"{words.OUTCOMES[rule.outcome]}: {rule.clause}")
            for rule in CLAUSES
            if rule.about in (None, about)
        ]
        if about != "topup":
            del self.fields["right_customer"]

    def clean_amount(self) -> int | None:
        """Micro-dollars, None for all."""
        text = self.cleaned_data["amount"]
        return positive(text) if text else None


class Link(forms.Form):
    """What a case is about, where its customer could not say."""

    kind = forms.ChoiceField(choices=[(str(kind), words.KINDS[kind][0]) for kind in Kind])
    about = forms.CharField(
        max_length=30,
        required=False,
        strip=True,
        label="About",
        help_text="act_…, dep_… or wdr_… of the customer’s own.",
    )
    customer = forms.RegexField(
        r"^[1-9][0-9]{0,17}\Z",
        required=False,
        label="Customer number",
        help_text="Only where nobody is known to have asked.",
    )


class Queue(forms.Form):
    """Which cases are listed."""

    kind = forms.ChoiceField(
        choices=[("", "All kinds"), *((str(kind), words.KINDS[kind][0]) for kind in Kind)],
        required=False,
    )
    show = forms.ChoiceField(
        choices=[
            ("", "Open"),
            ("overdue", "Overdue"),
            ("waiting", "Waiting"),
            ("unverified", "Unverified"),
            ("over", "Over"),
        ],
        required=False,
    )
    q = forms.CharField(max_length=254, required=False, strip=True)
    page = forms.IntegerField(min_value=1, max_value=1_000, required=False)
