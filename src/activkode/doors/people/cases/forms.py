"""What a customer's forms about cases may hold; anything else in a request is not read."""

from django import forms

from activkode.core import ids
from activkode.core.errors import Code, Refusal
from activkode.doors.people import uploads
from activkode.doors.people.cases import words
from activkode.funding.policy import FIGURES as TOPUP_FIGURES
from activkode.funding.policy import Figure as TopupFigure
from activkode.support.policy import FIGURES, KINDS, Figure, Kind

_TEXT = FIGURES[Figure.CASE_TEXT_MOST]
_LIMITS_OF_TIME = {
    "dispute_days": FIGURES[Figure.DISPUTE_DAYS],
    "topup_error_days": TOPUP_FIGURES[TopupFigure.TOPUP_ERROR_DAYS],
}


def kinds(about: str) -> list[tuple[Kind, str, str]]:
    """Kind, name and explanation of what can be asked about something (act_…, dep_…, wdr_…; empty: about anything)."""
    thing = {ids.ACTIVATION: "activation", ids.DEPOSIT: "topup", ids.WITHDRAWAL: "withdrawal"}.get(about[:4])
    return [
        (rule.kind, words.KINDS[rule.kind][0], words.KINDS[rule.kind][1].format(**_LIMITS_OF_TIME))
        for rule in KINDS
        if thing is None or rule.about in (thing, None)
    ]


def about(text: str) -> dict[str, int]:
    """What a public id names, as support.operations calls it; nothing for nothing. Raises Refusal(invalid_request)."""
    names = {ids.ACTIVATION: "activation_id", ids.DEPOSIT: "deposit_id", ids.WITHDRAWAL: "withdrawal_id"}
    if not text:
        return {}
    if text[:4] not in names:
        raise Refusal(Code.INVALID_REQUEST, "About: it is written like act_12, dep_12 or wdr_12.")
    return {names[text[:4]]: ids.read(text[:4], text, Code.INVALID_REQUEST)}


class Message(forms.Form):
    """What a customer says in a case, with files."""

    text = forms.CharField(
        max_length=_TEXT,
        label="Your message",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Say it in words."},
    )
    attached = uploads.Files(
        most=uploads.MOST_AT_ONCE,
        required=False,
        label="Screenshots or other files",
        help_text=uploads.LIMITS,
    )


class OpenCase(Message):
    """What went wrong, about what, and how it came."""

    about = forms.RegexField(
        r"^(?:(?:act|dep|wdr)_[1-9][0-9]{0,17})?\Z",
        required=False,
        label="Which one",
        help_text="Its number as it stands on its page: act_…, dep_… or wdr_….",
        error_messages={"invalid": "It is written like act_12, dep_12 or wdr_12."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(
        choices=[(str(rule.kind), rule.title) for rule in KINDS],
        error_messages={"required": "Choose what it is about."},
    )
