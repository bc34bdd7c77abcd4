"""Cases on their customer's pages and in the console: asked, answered, decided; and files that cannot do anything to anybody."""

import html
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from activkode.activations.read import Activation
from activkode.core import read as core
from activkode.core.money import micros
from activkode.doors.people.cases import words
from activkode.identity.models import Role, User
from activkode.ledger import read as books
from activkode.support import deadlines, operations, read
from activkode.support.operations import Opening, Staff
from activkode.support.policy import KINDS, Channel, Kind, State
from doors.people.conftest import newcomer, visitor
from withdrawals.scripted import shift

pytestmark = pytest.mark.django_db
CLAIM = {"kind": "technical_error", "text": "the code was cut off"}
CODE = "Your Shop code is 481920"


def _page(client: Client, name: str, /, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def _post(client: Client, name: str, /, *args: object, **fields: Any) -> str:
    return html.unescape(client.post(reverse(name, args=args), fields, follow=True).content.decode())


def _opened(user: User, text: str = "it never came", **about: int) -> int:
    asked = Opening(Kind.TECHNICAL_ERROR, Channel.DASHBOARD, text, customer_id=user.id, **about)
    return operations.open(asked).case_id


def _picture() -> SimpleUploadedFile:
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(stream, "PNG")
    return SimpleUploadedFile("screen.png", stream.getvalue(), "image/png")


@pytest.fixture
def coded(alice: User, rented: Activation, send: Any) -> Activation:
    """Alice's activation, for which a code came."""
    send(rented, CODE)
    return rented


# --- the customer's ---


def test_the_form_says_what_may_be_asked_and_until_when(at: Client, coded: Activation) -> None:
    page = _page(at, "case_create")
    for rule in KINDS:
        assert words.KINDS[rule.kind][0] in page
    assert "For an activation of the last 30 days." in page and "Within 7 days." in page
    assert "each up to 10 MB" in page and "25 megapixels" in page

    about = _page(at, "case_create", about=f"act_{coded.id}")
    assert f'value="act_{coded.id}"' in about and 'value="topup_error"' not in about


def test_a_case_is_opened_with_a_picture_and_shown_with_its_date(
    at: Client, alice: User, coded: Activation
) -> None:
    page = _post(at, "case_create", **CLAIM, about=f"act_{coded.id}", attached=_picture())

    case = read.cases(alice.id)[0]
    assert (case.kind, case.activation_id, case.channel) == (
        Kind.TECHNICAL_ERROR,
        coded.id,
        Channel.DASHBOARD,
    )
    assert CLAIM["text"] in page and f"{case.due_at:%A}, {case.due_at.day} {case.due_at:%B %Y}" in page
    file = read.attachments(case.id)[0]
    assert file.image and f'src="/files/{file.token}/"' in page
    assert f"case_{case.id}" in page and reverse("case", args=[case.id]) in _page(at, "cases")


def test_the_pages_of_what_went_wrong_lead_to_the_form(at: Client, coded: Activation) -> None:
    assert f"{reverse('case_create')}?about=act_{coded.id}" in _page(at, "activation", coded.id)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"text": " "}, "Say it in words."),
        ({"kind": ""}, "Choose what it is about."),
        ({"about": "act_0"}, "It is written like act_12"),
        ({"about": "<script>"}, "It is written like act_12"),
        ({"about": "act_999999"}, "There is no such activation in this account."),
        ({"about": "dep_999999", "kind": "topup_error"}, "no such top-up"),
        ({"about": "wdr_999999", "kind": "withdrawal"}, "no such top-up or withdrawal"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_its_field(
    at: Client, alice: User, coded: Activation, change: dict[str, str], told: str
) -> None:
    page = _post(at, "case_create", **(CLAIM | {"about": f"act_{coded.id}"} | change))

    assert told in page
    assert read.cases(alice.id) == []


def test_somebody_elses_activation_is_as_unknown_as_none(coded: Activation) -> None:
    mallory = visitor(newcomer("mallory"))

    theirs = _post(mallory, "case_create", **CLAIM, about=f"act_{coded.id}")
    none = _post(mallory, "case_create", **CLAIM, about="act_999999")

    assert "There is no such activation in this account." in theirs
    token = 'name="csrfmiddlewaretoken" value="'
    same = [
        page.replace(f"act_{coded.id}", "X").replace("act_999999", "X").split(token)
        for page in (theirs, none)
    ]
    assert [part[-40:] for part in same[0]] == [part[-40:] for part in same[1]]


def test_asking_again_about_the_same_adds_to_the_case(at: Client, alice: User, coded: Activation) -> None:
    for _ in range(2):
        page = _post(at, "case_create", **CLAIM, about=f"act_{coded.id}")

    assert "what you wrote is added to it" in page and len(read.cases(alice.id)) == 1


def test_an_answer_starts_the_clock_again(at: Client, alice: User, coded: Activation, olga: User) -> None:
    case_id = _opened(alice, activation_id=coded.id)
    operations.ask(case_id, "Which text did you see?", staff=Staff(olga.id, olga.email))

    page = _page(at, "case", case_id)
    assert "Which text did you see?" in page and "the clock stands since" in page and "olga" not in page
    _post(at, "case_write", case_id, text="only three digits")

    assert read.any_case(case_id).state == State.OPEN and "only three digits" in _page(at, "case", case_id)


def test_new_facts_reopen_once(at: Client, alice: User, coded: Activation, olga: User) -> None:
    case_id = _opened(alice, activation_id=coded.id)
    for turn in range(2):
        operations.decide(
            case_id,
            operations.Verdict(operations.Outcome.REFUSED, "keep.no_error", "all was shown"),
            staff=Staff(olga.id, olga.email),
        )
        page = _page(at, "case", case_id)
        assert "Not granted" in page and "keep.no_error" in page and "all was shown" in page
        assert ("Reopen with these facts" in page) == (turn == 0)
        _post(at, "case_reopen", case_id, text="here is the proof")

    assert read.any_case(case_id).state == State.DECIDED


def test_news_are_shown_only_when_there_are_some(at: Client, alice: User, olga: User) -> None:
    case_id = _opened(alice)
    mark = at.get(reverse("case_live", args=[case_id])).context["mark"]
    assert at.get(reverse("case_live", args=[case_id]), {"after": mark}).status_code == 204

    operations.note(case_id, "for us alone", staff=Staff(olga.id, olga.email))
    assert at.get(reverse("case_live", args=[case_id]), {"after": mark}).status_code == 204
    operations.answer(case_id, "We look at it.", staff=Staff(olga.id, olga.email))

    page = at.get(reverse("case_live", args=[case_id]), {"after": mark}).content.decode()
    assert "We look at it." in page and "for us alone" not in page


def test_it_is_taken_back(at: Client, alice: User) -> None:
    case_id = _opened(alice)

    assert "Taken back." in _post(at, "case_take_back", case_id)
    assert read.any_case(case_id).state == State.CLOSED


# --- files ---


@pytest.mark.parametrize("name", ["evil.svg", "evil.html", "evil.zip", "screen.png"])
def test_what_is_no_picture_is_only_ever_a_download(at: Client, alice: User, name: str) -> None:
    evil = SimpleUploadedFile(
        name, b"<svg onload='alert(1)'><script>alert(1)</script></svg>", "image/svg+xml"
    )
    _post(at, "case_create", kind="other", text="look", attached=evil)
    file = read.attachments(read.cases(alice.id)[0].id)[0]

    answer = at.get(reverse("file", args=[file.token]))

    assert not file.image and answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]


def test_files_are_served_without_reading_or_setting_a_cookie(at: Client, alice: User) -> None:
    _post(at, "case_create", kind="other", text="look", attached=_picture())
    file = read.attachments(read.cases(alice.id)[0].id)[0]

    for client in (at, Client()):
        answer = client.get(reverse("file", args=[file.token]))
        assert answer.status_code == 200 and answer["Content-Type"].startswith("image/")
        assert "Cookie" not in answer.get("Vary", "") and not answer.cookies
        assert "sandbox" in answer["Content-Security-Policy"]
    missing = at.get(reverse("file", args=["x" * 32]))
    assert missing.status_code == 404 and "Cookie" not in missing.get("Vary", "")


def test_more_files_than_a_form_takes_are_refused(at: Client, alice: User) -> None:
    page = _post(at, "case_create", kind="other", text="look", attached=[_picture() for _ in range(4)])

    assert "At most 3 files at a time." in page and read.cases(alice.id) == []


# --- the console's ---


def test_what_is_due_first_stands_first_and_what_is_late_is_marked(console: Client, alice: User) -> None:
    first = _opened(alice, "the first")
    shift("4 days")
    second = operations.open(
        Opening(Kind.OTHER, Channel.EMAIL, "who am I", email="x@y.example", subject="Hello")
    ).case_id
    shift("7 days")

    page = _page(console, "console_case_queue")

    assert page.index(f"case_{first}") < page.index(f"case_{second}")
    assert "Overdue" in page and "Unverified" in page and "Half its time" in page
    assert f"case_{first}" not in _page(console, "console_case_queue", show="unverified")
    assert f"case_{first}" not in _page(console, "console_case_queue", kind="other")
    assert f"case_{first}" in _page(console, "console_case_queue", q="the first")
    deadlines.escalate(10)
    assert "nothing shows that this mail came from x@y.example" in _page(console, "console_case", second)


def test_the_records_and_the_proposal_stand_beside_the_decision(
    console: Client, alice: User, coded: Activation
) -> None:
    case_id = _opened(alice, "the shop refused the code", activation_id=coded.id)

    page = _page(console, "console_case", case_id)

    assert "keep.rejected" in page and "hold" in page and "delivered" in page
    assert 'value="refused keep.rejected" selected' in page
    assert CODE not in page


def test_a_grant_credits_with_the_decision(
    console: Client, at: Client, alice: User, coded: Activation
) -> None:
    case_id = _opened(alice, activation_id=coded.id)
    before = books.balance(alice.id).cash

    fields = {"decision": "granted refund.our_fault", "reason": "shown late", "amount": ""}
    assert "Decided." in _post(console, "console_case_decide", case_id, **fields)

    assert books.balance(alice.id).cash == before + micros("2.00")
    page = _page(at, "case", case_id)
    assert "Granted" in page and "$2.00" in page and "shown late" in page and "olga" not in page
    assert "Credited by a decision" in _page(at, "statement")
    assert "already" in _post(console, "console_case_decide", case_id, **fields).lower()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"decision": "granted refund.our_fault", "amount": "2.01", "reason": "x"}, "At most 2"),
        ({"decision": "granted refund.our_fault", "amount": "0", "reason": "x"}, "More than 0.00."),
        ({"decision": "granted refund.our_fault", "reason": " "}, "This field is required"),
        ({"decision": "granted refund.duplicate_topup", "reason": "x"}, "Select a valid choice"),
    ],
)
def test_a_decision_that_cannot_be_is_said(
    console: Client, alice: User, coded: Activation, fields: dict[str, str], told: str
) -> None:
    case_id = _opened(alice, activation_id=coded.id)

    assert told in _post(console, "console_case_decide", case_id, **fields)
    assert read.any_case(case_id).state == State.OPEN


@pytest.mark.parametrize(
    ("event", "state", "seen"),
    [
        ("answer", State.OPEN, True),
        ("ask", State.WAITING_CUSTOMER, True),
        ("interim", State.OPEN, True),
        ("note", State.OPEN, False),
    ],
)
def test_staff_writes_and_the_customer_sees_what_is_theirs(
    console: Client, at: Client, alice: User, event: str, state: State, seen: bool
) -> None:
    case_id = _opened(alice)

    _post(console, "console_case_say", case_id, event=event, text="these words")

    assert read.any_case(case_id).state == state
    assert ("these words" in _page(at, "case", case_id)) == seen
    assert "these words" in _page(console, "console_case", case_id)


def test_the_customers_files_are_shown_with_a_line_in_the_audit_log(
    console: Client, at: Client, alice: User
) -> None:
    _post(at, "case_create", kind="other", text="look", attached=_picture())
    case_id = read.cases(alice.id)[0].id
    token = read.attachments(case_id)[0].token
    assert token not in _page(console, "console_case", case_id)

    assert token in _post(console, "console_case_files", case_id)

    line = core.audit_log(subject=f"case {case_id}")[0]
    assert (line.action, line.actor, line.detail) == ("case files shown", "olga@people.example", {"files": 1})


def test_support_writes_and_does_not_decide(alice: User, coded: Activation) -> None:
    case_id = _opened(alice, activation_id=coded.id)
    sue = visitor(newcomer("sue", Role.SUPPORT))

    assert "Sent to the customer." in _post(sue, "console_case_say", case_id, event="answer", text="hello")
    fields = {"decision": "granted refund.our_fault", "reason": "x"}
    assert sue.post(reverse("console_case_decide", args=[case_id]), fields).status_code == 403
    assert "console_case_decide" not in _page(sue, "console_case", case_id)


@pytest.mark.parametrize("name", ["say", "decide", "link", "files"])
def test_nobody_works_on_a_case_of_their_own(console: Client, olga: User, name: str) -> None:
    case_id = _opened(olga)
    fields = {
        "event": "answer",
        "text": "x",
        "decision": "settled answer.given",
        "reason": "x",
        "kind": "other",
    }

    assert "Nobody acts on their own account." in _post(console, f"console_case_{name}", case_id, **fields)
    assert (read.any_case(case_id).state, read.messages(case_id)) == (State.OPEN, [])


def test_a_case_of_nobody_is_given_to_whom_it_belongs(
    console: Client, alice: User, coded: Activation
) -> None:
    case_id = operations.open(Opening(Kind.OTHER, Channel.EMAIL, "help", email="x@y.example")).case_id

    fields = {"kind": "technical_error", "about": f"act_{coded.id}", "customer": str(alice.id)}
    assert "Kept." in _post(console, "console_case_link", case_id, **fields)

    case = read.any_case(case_id)
    assert (case.customer_id, case.activation_id) == (alice.id, coded.id)
    assert "written like" in _post(console, "console_case_link", case_id, kind="other", about="x")


def test_what_has_a_case_leads_to_it_from_both_sides(
    console: Client, at: Client, alice: User, coded: Activation
) -> None:
    case_id = _opened(alice, activation_id=coded.id)

    assert reverse("case", args=[case_id]) in _page(at, "activation", coded.id)
    assert reverse("console_case", args=[case_id]) in _page(console, "console_activation", alice.id, coded.id)
