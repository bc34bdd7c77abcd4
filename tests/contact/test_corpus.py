"""The corpus of mails to the contact address: who is believed, and what is understood. Figures are printed with -s."""

import pytest

from activkode.core.money import dollars
from activkode.mailbox.reading.read import Reading
from contact import letters
from contact.letters import PLACES, Letter

LEAST_GENUINE_SHARE = 0.99


def shown(reading: Reading) -> dict[str, str]:
    """A reading in the words of the corpus."""
    wish = reading.wish
    return {
        "verified": "yes" if reading.verdict.verified else "no",
        "by": str(reading.verdict.by),
        "sender": reading.verdict.sender or "-",
        "nature": str(reading.nature),
        "kind": str(wish.kind),
        "asset": str(wish.asset or "-"),
        "address": wish.address,
        "amount": "all" if wish.amount_micros is None else dollars(wish.amount_micros),
        "unclear": "; ".join(wish.unclear),
        "named": ",".join(f"{kind}_{number}" for kind, number in reading.thread.named) or "-",
        "files": str(len(reading.attachments)),
        "activations": ",".join(map(str, wish.activations)) or "-",
        "deposits": ",".join(map(str, wish.deposits)) or "-",
        "transactions": str(len(wish.transactions)),
    }


@pytest.mark.parametrize("letter", letters.all_letters(), ids=lambda letter: letter.name)
def test_a_mail_is_read_as_its_label_says(letter: Letter) -> None:
    found = shown(letter.read())
    wanted = {name: PLACES.get(value.strip("{}"), value) for name, value in letter.expected.items()}
    if "kind" in wanted and wanted["kind"] == "withdrawal_request":
        wanted.setdefault("unclear", "")

    seen = {name: found[name] for name in wanted}
    if word := wanted.get("unclear"):
        seen["unclear"] = (
            word if (word == "." and found["unclear"]) or word in found["unclear"] else found["unclear"]
        )
    assert seen == wanted, letter.read()


def test_the_corpus_is_large_enough() -> None:
    assert len(letters.all_letters()) >= 300


def test_genuine_mail_is_verified_and_forged_mail_never() -> None:
    wanted = {letter.name: letter.expected.get("verified") for letter in letters.all_letters()}
    genuine = [letter for letter in letters.all_letters() if wanted[letter.name] == "yes"]
    forged = letters.of("forged")

    verified = sum(letter.read().verdict.verified for letter in genuine)
    fooled = [letter.name for letter in forged if letter.read().verdict.verified]

    print(
        f"\ncorpus {len(wanted)}: genuine {verified} of {len(genuine)} verified, forged {len(fooled)} of {len(forged)}"
    )
    assert fooled == []
    assert verified >= LEAST_GENUINE_SHARE * len(genuine)
