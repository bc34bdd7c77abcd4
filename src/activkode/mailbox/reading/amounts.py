"""How much is asked for, in dollars: figures in the forms of many countries, words, or all of it. In doubt nothing: what
cannot be told for certain is asked, never guessed.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from activkode.core.money import MICROS
from activkode.mailbox.reading import words

MOST_FOUND = 20
MOST_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Amount:
    """`micros` is what was asked for, None where all of it is meant; `unclear` says why neither is certain."""

    micros: int | None = None
    unclear: str = ""


def read(text: str) -> Amount:
    """The amount in a text from which addresses and ids have been taken out. No amount at all is all of it (POLICY 1.4: the
    remaining balance)."""
    lowered = " ".join(text.lower().replace("\u00a0", " ").replace("\u202f", " ").split())
    lowered = UNWANTED.sub(" ", lowered)
    foreign = COIN.search(lowered) or OTHER.search(lowered)
    found = [_micros(match["after"] or match["before"]) for match in FIGURE.finditer(lowered)] + _in_words(
        lowered
    )
    if not found and not foreign:
        found = [_micros(match[1]) for match in LABELLED.finditer(lowered)]
    values = set(found[:MOST_FOUND])
    if None in values:
        return Amount(unclear="an amount that can be read in two ways")
    if len(values) > 1:
        return Amount(unclear="several amounts")
    if values:
        return Amount(values.pop())
    if foreign:
        return Amount(unclear="an amount that is not in dollars")
    if not _means_all(lowered) and LOOSE.search(lowered):
        return Amount(unclear="a figure without a currency")
    return Amount()


def _micros(number: str) -> int | None:
    """Micro-dollars of a figure; None where its marks can mean two things, or it is too exact."""
    plain = number.replace(" ", "").replace("'", "").replace("’", "")
    marks = [sign for sign in plain if sign in ",."]
    if len(set(marks)) == 2:
        decimal = marks[-1]
        whole, _, part = plain.rpartition(decimal)
        plain = whole.replace("," if decimal == "." else ".", "") + "." + part
        if decimal in whole:
            return None
    elif len(marks) > 1:
        plain = plain.replace(marks[0], "")
    elif marks and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", plain):
        return None  # 1.000: a thousand to some, one to others
    elif marks and re.fullmatch(r"[1-9]\d{0,2},\d{3}", plain):
        plain = plain.replace(",", "")
    plain = plain.replace(",", ".")
    whole, _, part = plain.partition(".")
    if len(whole) > MOST_DIGITS or len(part) > 6:
        return None
    return int(Decimal(f"{whole or 0}.{part or 0}") * MICROS)


def _in_words(text: str) -> list[int | None]:
    """Amounts in words before a word for dollars."""
    found: list[int | None] = []
    for match in DOLLARS_AFTER.finditer(text):
        before = text[max(0, match.start() - 80) : match.start()].rstrip()
        if (other := next((value for word, value in WHOLE if before.endswith(word)), None)) is not None:
            found.append(other * MICROS)
            continue
        value = _english(re.split(r"[\s-]+", before))
        if value:
            found.append(value * MICROS)
    return found


def _english(tokens: list[str]) -> int:
    """The number that the last of these words make; 0 for none."""
    taken: list[str] = []
    for token in reversed(tokens):
        if token not in UNITS and token not in ("hundred", "thousand", "and", "a"):
            break
        taken.insert(0, token)
    total = current = 0
    for word in taken:
        if word == "hundred":
            current = max(current, 1) * 100
        elif word == "thousand":
            total, current = total + max(current, 1) * 1000, 0
        else:
            current += UNITS.get(word, 0)
    return total + current


def _means_all(text: str) -> bool:
    return EVERYTHING.search(text) is not None or any(
        word in text for word in words.EVERYTHING_ANYWHERE.split("|")
    )


NUMBER = r"\d[\d.,'’]*(?:(?<=\d) \d{3}(?!\d)[\d.,]*)*(?<=\d)"
FIGURE = re.compile(
    rf"(?<![\w.,-]){words.DOLLARS}\s?(?P<after>{NUMBER})(?![\w%])|(?<![0-9A-Za-z_.,$€£-])(?P<before>{NUMBER})\s?{words.DOLLARS}"
)
LABELLED = re.compile(
    rf"(?:\b(?:{words.LABELS})\s?[:=]?|\b(?:withdraw|cash out|pay out)\w*)\s({NUMBER})(?![\w%.,]\d|\w)"
)
DOLLARS_AFTER = re.compile(rf"\s?{words.DOLLARS}")
COIN = re.compile(rf"{NUMBER}\s?(?:{words.COINS})\b")
OTHER = re.compile(rf"(?:{words.OTHER_MONEY})\s?\d|\d\s?(?:{words.OTHER_MONEY})(?!\w)")
LOOSE = re.compile(rf"(?:{words.WITHDRAWING})\w*[^.\n]{{0,15}}\s-?\d")
# Figures of the policy that a person repeats: what the fee or the least amount is, is not what they ask for.
UNWANTED = re.compile(
    rf"{words.DOLLARS}?\s?{NUMBER}\s?{words.DOLLARS}?\s?(?:\w+\s)?(?:{words.NOT_WANTED})\b"
    rf"|\b(?:{words.NOT_WANTED})\b\s?(?:is|of|:|=|von|de)?\s?{words.DOLLARS}?\s?{NUMBER}"
)
EVERYTHING = re.compile(rf"(?<!\w)(?:{words.EVERYTHING})(?!\w)")
UNITS = {word: value for value, word in enumerate(words.ONES.split())} | {
    word: 20 + 10 * place for place, word in enumerate(words.TENS.split())
}
WHOLE = [(word, value) for value, line in words.WHOLE.items() for word in line.split()]
