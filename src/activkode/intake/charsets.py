"""Turns the bytes of a mail into text by the charset that it names, or by what it turns out to be.

Only codecs that read text quickly are used: a mail must not choose one that is slow, warns, or does something else.
"""

import codecs

# What mailers call a charset, then the codec that reads it: often a wider one, for letters that slip in.
NAMES = """
latin-9 iso8859-15      unicode utf-16          x-unknown utf-8         us-ascii utf-8          ascii utf-8
gb2312 gb18030          gbk gb18030             x-gbk gb18030           ks_c_5601-1987 cp949    euc-kr cp949
shift_jis cp932         x-sjis cp932            iso-8859-1 cp1252       latin-1 cp1252          iso-8859-9 cp1254
iso-8859-8-i iso8859-8  iso-8859-6-e iso8859-6  windows-874 cp874       tis-620 cp874           big5 big5hkscs
iso-8859-11 cp874       x-mac-roman mac-roman   macintosh mac-roman     cp-850 cp850            utf8mb4 utf-8
"""
ALIASES = dict(zip(NAMES.split()[::2], NAMES.split()[1::2], strict=True))
CODECS = (
    "utf-8 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 utf-7 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 "
    "cp874 cp437 cp850 cp852 cp866 cp932 cp949 iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 "
    "iso8859-8 iso8859-9 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u gb18030 big5hkscs big5 "
    "euc_jp iso2022_jp iso2022_kr johab mac-roman mac-cyrillic hz"
)
ALLOWED = frozenset(CODECS.split())


def decoded(content: bytes, charset: str) -> str:
    """The text of these bytes, fit for a database: no NUL, no half characters, and a sign for what is unreadable."""
    text = _read(content, _codec(charset)).replace("\x00", "")
    return text.encode("utf-8", "replace").decode()


def _read(content: bytes, codec: str) -> str:
    for name in (codec, "utf-8"):
        try:
            return content.decode(name)
        except UnicodeError:
            continue
    return content.decode("cp1252" if codec == "utf-8" else codec, "replace")


def _codec(charset: str) -> str:
    wanted = charset.strip().strip("\"'").lower()
    wanted = ALIASES.get(wanted, wanted)
    try:
        name = codecs.lookup(wanted).name
    except (LookupError, ValueError):
        return "utf-8"
    return name if name in ALLOWED else "utf-8"
