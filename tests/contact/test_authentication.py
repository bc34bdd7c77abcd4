"""Who wrote a mail, piece by piece: signatures as another library makes them, SPF, questions that are counted, results of our
own server. The corpus holds the rest.
"""

import random
from typing import Any

import dkim as dkimpy
import pytest

from activkode.mailbox.reading import authentication, headers, results
from activkode.mailbox.reading.authentication import By, Envelope
from activkode.mailbox.reading.lookups import MOST_LOOKUPS, Lookups, TooMany, Unanswered
from activkode.mailbox.reading.results import Trusted
from contact import letters, zone

HEAD = b"From: alice@people.example\r\nTo: contact@activkode.example\r\nSubject: Hello\r\n"
FORMS = [f"{head}/{body}" for head in ("simple", "relaxed") for body in ("simple", "relaxed")]


def judged(raw: bytes, dns: Any = zone.dns, **envelope: str) -> authentication.Verdict:
    return authentication.judge(headers.take_apart(raw), Envelope(**envelope), dns, zone.NOW)


@pytest.mark.parametrize("form", FORMS)
def test_what_another_library_signs_is_proven_and_what_it_refuses_is_not(form: str) -> None:
    chance = random.Random(form)
    for _ in range(40):
        lines = [
            chance.choice([b"", b" ", b"a", b"a  b", b"\tc ", b" d\t\t", b"e" * 99])
            for _ in range(chance.randrange(8))
        ]
        raw = HEAD + b"X-Folded: a\r\n\t b  c\r\n\r\n" + b"".join(line + b"\r\n" for line in lines)
        signed = zone.signed(raw, "people.example", c=form, h="from:to:subject:x-folded:from")
        changed = signed.replace(b"b  c", b"b d").replace(b"a  b", b"a b c")

        for mail in (signed, changed):
            theirs = dkimpy.verify(
                mail, dnsfunc=lambda name, timeout=5: zone.dns(name.decode().rstrip("."), "TXT")[0]
            )
            assert judged(mail).verified == theirs, mail


def test_a_dns_that_does_not_answer_asks_for_another_look() -> None:
    def silent(_: str, __: str) -> list[Any]:
        raise Unanswered

    verdict = judged(zone.signed(HEAD + b"\r\nx\r\n", "people.example"), silent)

    assert (verdict.verified, verdict.again) == (False, True)


def test_a_mail_asks_no_more_than_forty_questions() -> None:
    asked: list[str] = []

    def dns(name: str, kind: str) -> list[Any]:
        asked.append(name)
        if name.startswith("_dmarc"):
            return [b"v=DMARC1; p=none"]
        return [f"v=spf1 include:{len(asked)}.people.example -all".encode()] if kind == "TXT" else []

    judged(HEAD + b"\r\nx\r\n", dns, peer="192.0.2.10", helo="x", sender="alice@people.example")

    assert len(asked) <= MOST_LOOKUPS


def test_questions_end_with_their_time() -> None:
    times = iter(range(0, 1000, 6))
    lookups = Lookups(lambda *_: [], clock=lambda: float(next(times)))
    lookups.ask("a.example", "TXT")

    with pytest.raises(TooMany):
        lookups.ask("b.example", "TXT")


@pytest.mark.parametrize(
    ("peer", "by"),
    [("192.0.2.10", By.SPF), ("192.0.2.11", By.NOTHING), ("::ffff:192.0.2.10", By.SPF), ("", By.NOTHING)],
)
def test_spf_counts_where_the_host_is_known(peer: str, by: By) -> None:
    assert judged(HEAD + b"\r\nx\r\n", peer=peer, helo="x", sender="alice@people.example").by == by


@pytest.mark.parametrize(
    ("value", "passed"),
    [
        ("mx.example; dmarc=pass header.from=a.example", True),
        ("mx.example; dmarc=pass (a (nested) \\) comment) header.from = a.example", True),
        ('"mx.example"; dmarc=pass header.from="a.example"', True),
        ("mx.example; dmarc/1=pass header.from=a.example", True),
        ("mx.example; dmarc=pass header.from=b.example", False),
        ("mx.example; dmarc=fail (dmarc=pass header.from=a.example)", False),
        ("mx.example; dmarc=fail header.from=a.example; dmarc=pass header.from=a.example", False),
        ("mx.example; dmarc=pass header.from=a.example (unended", False),
        ("other.example; dmarc=pass header.from=a.example", None),
    ],
)
def test_the_word_of_our_server_is_read_to_the_letter(value: str, passed: bool | None) -> None:
    mail = headers.take_apart(f"Authentication-Results: {value}\r\n\r\n".encode())

    assert results.dmarc_passed(mail, Trusted("mx.example"), "a.example") is passed


def test_no_mail_of_the_corpus_makes_the_reader_raise_when_it_is_cut_anywhere() -> None:
    chance = random.Random(3)
    for letter in letters.all_letters()[::4]:
        raw = letter.as_sent()[:20_000]
        letter.read(raw[: chance.randrange(len(raw) + 1)])
