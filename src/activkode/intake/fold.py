"""One plain form of any text: ASCII digits, no accents, no invisible signs, so that words and codes compare.

It must never be shown to anybody; what people read is the original.
"""

import unicodedata

SPACES = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\u30fb\t"
)
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
BREAKS = "\r\x0b\x0c\x85\u2028\u2029"
QUOTES = "\u2018\u2019\u201b\u02bc\u00b4`"
INVISIBLE = (
    (0x00AD, 0x00AD),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0xFE00, 0xFE0F),
    (0x20E3, 0x20E3),
    (0xFEFF, 0xFEFF),
)
MARKS = (
    (0x0300, 0x036F),
    (0x0591, 0x05BD),
    (0x064B, 0x0652),
    (0x0640, 0x0640),
    (0x093C, 0x093C),
    (0x09BC, 0x09BC),
)
ACCENTED = ((0x00C0, 0x024F), (0x0386, 0x03CE), (0x1E00, 0x1FFF))
# Letters that have no decomposition, or that keyboards of neighbours write differently.
LIKE = {
    "ı": "i", "İ": "I", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ё": "е", "Ё": "Е",
    "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك", "ؤ": "و", "ئ": "ي", "ۀ": "ه", "ھ": "ه",
    "\u09dc": "\u09a1", "\u09dd": "\u09a2", "\u09df": "\u09af", "\u0958": "\u0915", "\u0959": "\u0916", "\u095a": "\u0917",
    "\u095b": "\u091c", "\u095c": "\u0921", "\u095d": "\u0922", "\u095e": "\u092b", "\u066b": ".", "\u066c": ",",
}  # fmt: skip


def plain(text: str) -> str:
    """The plain form; as long as the text or shorter. Case is kept."""
    text = text.replace("\r\n", "\n")
    return text if text.isascii() else text.translate(_TABLE)


def lowered(text: str) -> str:
    """A plain text in small letters, of the same length."""
    return text.lower().replace("ς", "σ")


def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = {}
    for first, last in ACCENTED:
        table |= {point: unicodedata.normalize("NFD", chr(point))[0] for point in range(first, last + 1)}
    table |= {point: chr(point - 0xFEE0) for point in range(0xFF01, 0xFF5F)}
    table |= {
        point: str(unicodedata.decimal(chr(point)))
        for point in range(0x80, 0x1FC00)
        if chr(point).isdecimal()
    }
    for letters, letter in ((SPACES, " "), (DASHES, "-"), (BREAKS, "\n"), (QUOTES, "'")):
        table |= dict.fromkeys(map(ord, letters), letter)
    table |= {ord("\uff0c"): "\u3001"}  # as an ASCII comma it would make "123456,5 minutes" a decimal
    for first, last in (*INVISIBLE, *MARKS):
        table |= dict.fromkeys(range(first, last + 1), None)
    table |= {ord(letter): other for letter, other in LIKE.items()}
    return table


_TABLE = _table()
