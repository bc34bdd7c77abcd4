"""Codes and links are found where there are some, in every language, and nothing is taken for a code that is none."""

import re
import time
import unicodedata
from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activkode.intake import codes, page
from activkode.intake.cues import TABLES
from activkode.intake.fold import lowered, plain
from activkode.intake.messages import Kind
from intake.corpus_lines import Line, Tally, lines, tally

LEAST_PRECISION = 0.99
LEAST_RECALL = 0.97
SECONDS_FOR_THE_WORST = 3.0  # takes some 0.05 s; a quadratic step would take minutes


# --- the corpus ---


@pytest.fixture(scope="module")
def corpus() -> list[Line]:
    return lines()


def test_the_corpus_is_found_with_high_precision_and_recall(corpus: list[Line]) -> None:
    whole = tally(corpus)

    _print("whole corpus", whole)
    assert whole.precision >= LEAST_PRECISION
    assert whole.recall >= LEAST_RECALL


def test_no_language_falls_behind(corpus: list[Line]) -> None:
    by_language: dict[str, list[Line]] = defaultdict(list)
    for line in corpus:
        by_language[line.lang].append(line)

    sums = {language: tally(some) for language, some in sorted(by_language.items())}

    for language, one in sums.items():
        _print(language, one)
    assert {language for language, one in sums.items() if one.precision < 0.95 or one.recall < 0.9} == set()


def test_messages_written_after_the_extractor_are_found_as_well(corpus: list[Line]) -> None:
    held_out = tally(line for line in corpus if line.held_out)

    _print("held out, today", held_out)
    assert held_out.precision >= LEAST_PRECISION
    assert held_out.recall >= LEAST_RECALL


def test_mail_is_found_as_well_as_sms(corpus: list[Line]) -> None:
    by_mail = tally(line for line in corpus if line.kind is Kind.EMAIL)

    _print("mail", by_mail)
    assert by_mail.precision >= 0.98
    assert by_mail.recall >= LEAST_RECALL


def test_every_line_of_the_corpus_has_a_wording_of_its_own(corpus: list[Line]) -> None:
    def skeleton(line: Line) -> str:
        fields = line.fields
        text = fields.get("raw") or f"{fields.get('subject', '')}|{fields['text']}|{fields.get('html', '')}"
        return re.sub(r"\W+", " ", re.sub(r"\d+", "", text))

    counts = Counter(skeleton(line) for line in corpus)

    assert [text for text, count in counts.items() if count > 1] == []


def test_the_corpus_is_wide_enough(corpus: list[Line]) -> None:
    languages = Counter(line.lang for line in corpus)

    assert len(corpus) >= 700
    assert sum(count >= 12 for language, count in languages.items() if language != "xx") >= 20
    assert sum(line.wanted == (None, None) for line in corpus) >= 0.3 * len(corpus)
    assert sum(line.kind is Kind.EMAIL for line in corpus) >= 80


def test_no_phrase_stands_in_two_tables() -> None:
    seen: dict[str, str] = {}
    doubled = []
    for mark, table in TABLES.items():
        for line in table.values():
            for phrase in line.split(","):
                key = lowered(plain(phrase)).strip("*")
                if seen.setdefault(key, mark) != mark:
                    doubled.append((phrase, mark, seen[key]))

    assert doubled == []


# --- single behaviours ---


def sms(text: str) -> str | None:
    return codes.find(text, kind=Kind.SMS).code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("123-456", "123456"),
        ("123 456", "123456"),
        ("1 2 3 4 5 9", "123459"),
        ("G-123456", "123456"),
        ("１２３４５６", "123456"),
        ("١٢٣٤٥٦", "123456"),
        ("۱۲۳۴۵۶", "123456"),
        ("१२३४५६", "123456"),
        ("১২৩৪৫৬", "123456"),
        ("๑๒๓๔๕๖", "123456"),
        ("1\ufe0f\u20e32\ufe0f\u20e33\ufe0f\u20e34\ufe0f\u20e3", "1234"),
        ("12\u200b34\u200d56", "123456"),
        ("AB12-CD34", "AB12-CD34"),
        ("ABC-1234", "ABC-1234"),
        ("x7Kp2Q", "x7Kp2Q"),
        ("KQZTRW", "KQZTRW"),
    ],
)
def test_a_code_comes_out_in_one_normal_form(written: str, code: str) -> None:
    assert sms(f"Your code is {written}. Do not share it.") == code


NO_FORM_OF_A_CODE = """
2025; 12/03/2025; 2025-03-12; 12.03.2025; 10:30; $1250; 1250$; 1,250.00; 1.250,00; EUR4500; +44 7700 900123; 555-010-4821;
020 7946 0123; 20min; 1440min; 5000%; 10.0.0.12; 192.168.110.22; v1.2.3456; a@482913.example; https://x.example/482913;
482913.com; *4471; xx4471; 550e8400-e29b-41d4-a716-446655440000; 1,000,000; 4G; 100GB; 4821円; 4821分; 4821年
"""


@pytest.mark.parametrize("number", [form.strip() for form in NO_FORM_OF_A_CODE.split(";")])
def test_a_number_of_another_form_is_no_code_even_where_one_could_stand(number: str) -> None:
    assert sms(f"Verify now, see {number} for more") is None


@pytest.mark.parametrize(
    "label",
    ["order", "card ending in", "account no.", "call", "ref", "parcel", "promo code", "zip code", "room"],
)
def test_a_number_that_another_word_claims_is_no_code(label: str) -> None:
    assert sms(f"Please verify your details: {label} 482913") is None


def test_the_named_code_wins_over_every_other_number() -> None:
    text = (
        "12/03/2025 10:30 Order 88213, card *4471, USD 1,250.00: code 482913. Help: 0800 555 0142. Ref 771204"
    )

    assert codes.find(text, kind=Kind.SMS) == codes.Found("482913", None, ("482913",))


def test_of_two_equal_codes_none_is_chosen_but_both_are_named() -> None:
    found = codes.find("Your codes are 481516 and 234200", kind=Kind.SMS)

    assert found.code is None
    assert set(found.candidates) == {"481516", "234200"}


def test_the_line_for_machines_decides() -> None:
    assert sms("Codes 481516, 234200\n\n@shop.example #234200") == "234200"


def test_the_hash_of_an_app_is_no_code() -> None:
    assert sms("<#> Your app is ready\nFA9qCX9VSuQ") is None


def test_a_link_alone_in_an_sms_is_nothing_but_in_a_mail_it_verifies() -> None:
    text = "Verify your account: https://shop.example/verify/8f3a91bc"

    assert codes.find(text, kind=Kind.SMS) == codes.Found()
    assert codes.find(text, kind=Kind.EMAIL).link == "https://shop.example/verify/8f3a91bc"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,verify",
        "mailto:verify@a.example",
        "/verify/8f3a91bc",
        "http://",
    ],
)
def test_only_a_web_address_is_a_link(address: str) -> None:
    html = f'<a href="{address}">Verify your account</a>'

    assert codes.find("", html=html, subject="Verify", kind=Kind.EMAIL).link is None


def test_a_code_in_the_html_is_found_behind_a_text_that_has_none() -> None:
    found = codes.find(
        "Please use a reader that shows HTML.", html="<p>Your code: <b>482913</b>", kind=Kind.EMAIL
    )

    assert found.code == "482913"


def test_a_code_that_only_the_hidden_preheader_holds_is_found() -> None:
    html = '<div style="display: none">482913 is your login code</div><p>Welcome back</p>'

    assert codes.find("", html=html, kind=Kind.EMAIL).code == "482913"


def test_what_is_visible_goes_before_what_is_hidden() -> None:
    html = '<div style="display:none">Your code: 111112</div><p>Your code: 482913</p>'

    assert codes.find("", html=html, kind=Kind.EMAIL).code == "482913"


# --- any input ---


WORDS = (
    "code is your 123456 4821 2025 G-482913 AB12CD : . , - \n @a.example # $ % € order call verify код 验证码 是 رمز ٤٨٢٩١٣ "
    "कोड ४८२९१३ รหัส https://a.example/v/ab12cd34ef <td> </td> <a href='http://a.example/verify/ab12cd34'> \u200b \ud800 \x00"
)
TOKENS = st.sampled_from(WORDS.split(" "))
ANYTHING = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=[])), st.lists(TOKENS, max_size=30).map(" ".join)
)


@given(text=ANYTHING, html=ANYTHING, subject=ANYTHING, kind=st.sampled_from(Kind))
def test_any_text_gives_a_clean_answer(text: str, html: str, subject: str, kind: Kind) -> None:
    found = codes.find(text, html=html, subject=subject, kind=kind)

    if found.code is not None:
        assert re.fullmatch(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", found.code)
        assert found.code == found.candidates[0]
        seen = page.read(html) if kind is Kind.EMAIL else page.Page()
        assert _digits(found.code) in _digits(
            f"{subject} {text} {subject} {seen.text} {subject} {seen.hidden}"
        )
    if found.link is not None:
        assert kind is Kind.EMAIL
        assert found.link.lower().startswith(("http://", "https://"))
    assert found == codes.find(text, html=html, subject=subject, kind=kind)


LONG = 200_000
HOSTILE = [
    "a",
    "1",
    "1 ",
    "123 ",
    "123456 ",
    "code ",
    "code 123456 ",
    "1-",
    "AB-",
    "1.",
    "a@",
    "@a.b #1234\n",
    "http://",
]
HOSTILE += [
    " ",
    "\n",
    "A 1 ",
    "e\u0301\u0323",
    "验证码",
    "1\u200b",
    "٤",
    "1234 or ",
    "[",
    "aA1+",
    "not  share  ",
    "\ud800",
]
HOSTILE += [
    "code: 1234, order 5678, call 9012. ",
    "<div>",
    "<p><b>",
    "<table><tr><td>1",
    "<!--",
    "<i> </i>",
    "<b></i>",
    "<",
]
HOSTILE += ["<a href=http://a.example/verify/ab12cd34>verify ", '<p style="display:  ', "&zwnj;"]


@pytest.mark.parametrize("unit", HOSTILE)
def test_two_hundred_thousand_hostile_characters_take_no_time(unit: str) -> None:
    text = (unit * LONG)[:LONG]
    start = time.process_time()

    codes.find(text, kind=Kind.SMS)
    codes.find(text, html=text, subject=text, kind=Kind.EMAIL)

    assert time.process_time() - start < SECONDS_FOR_THE_WORST


def test_time_grows_no_faster_than_the_text() -> None:
    unit = "Your code for order 88213 is 482913, or call 555 0142. "
    times = [_seconds_for(unit * count) for count in (50, 100, 200, 400)]  # all below the bound on length

    assert all(longer < 6 * shorter + 0.01 for shorter, longer in pairwise(times)), times


def _seconds_for(text: str) -> float:
    assert len(text) < codes.MOST_CHARACTERS
    best = 9.0
    for _ in range(3):
        start = time.process_time()
        codes.find(text, kind=Kind.SMS)
        best = min(best, time.process_time() - start)
    return best


def _digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(letter)) for letter in text if letter.isdecimal())


def _print(name: str, result: Tally) -> None:
    print(f"{name:18} {result}")
