"""Bodies that nobody writes by hand: bombs of nesting, of size and of patience. Each maker gives fields and a body."""

import base64
import random
import zlib
from collections.abc import Callable

Made = tuple[list[bytes], bytes]
PLAIN = [b"Content-Type: text/plain"]
MULTIPART = [b"Content-Type: multipart/mixed; boundary=b"]


def nested_messages(depth: int) -> Made:
    """A mail in a mail in a mail."""
    inner = b"Content-Type: message/rfc822\r\n\r\n" * depth
    return [b"Content-Type: message/rfc822"], inner + b"Subject: at last\r\n\r\nBalance withdrawal\r\n"


def nested_parts(depth: int) -> Made:
    """A multipart in a multipart in a multipart."""
    body = b"".join(
        b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(depth)
    )
    return [b"Content-Type: multipart/mixed; boundary=b0"], body + b"--b%d\r\n\r\nhello\r\n" % depth


def many_parts(count: int) -> Made:
    """So many tiny parts."""
    return MULTIPART, b"--b\r\n\r\nx\r\n" * count + b"--b--\r\n"


def near_boundaries(count: int) -> Made:
    """Lines that only begin like a boundary."""
    return MULTIPART, b"--bx\r\n" * count + b"--b\r\n\r\nhello\r\n--b--\r\n"


def spaces(octets: int) -> Made:
    """One line of blanks, which careless patterns read again and again."""
    return PLAIN, b" " * octets + b"x\r\n"


def pairs(octets: int) -> Made:
    """Letters two blanks apart."""
    return PLAIN, b"a  " * (octets // 3) + b"\r\n"


def empty_lines(octets: int) -> Made:
    """Nothing but line ends."""
    return PLAIN, b"\r\n" * (octets // 2)


def quotes(octets: int) -> Made:
    """A quotation of quotations."""
    return PLAIN, (b">" * 200 + b"\r\n") * (octets // 202)


def wrote(lines: int) -> Made:
    """Lines that all but begin the history of a conversation."""
    return PLAIN, b"On 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 wrot\r\n" * lines


def page(tags: int) -> Made:
    """HTML as deep as it is long."""
    return [b"Content-Type: text/html"], b"<div>" * tags + b"Balance withdrawal\r\n"


def tables(rows: int) -> Made:
    """HTML of a newsletter without end."""
    return [b"Content-Type: text/html"], b"<table>" + b"<tr><td>withdraw $20</td></tr>\r\n" * rows


def base64_text(octets: int) -> Made:
    """A text of this size in base64."""
    body = base64.encodebytes(b"withdraw everything to nowhere. " * (octets // 32))
    return [*PLAIN, b"Content-Transfer-Encoding: base64"], body.replace(b"\n", b"\r\n")


def broken_base64(octets: int) -> Made:
    """Base64 that is none."""
    return [*PLAIN, b"Content-Transfer-Encoding: base64"], b"=A=B=C=\xff" * (octets // 8) + b"\r\n"


def escapes(octets: int) -> Made:
    """Quoted-printable of nothing but escapes."""
    return [*PLAIN, b"Content-Transfer-Encoding: quoted-printable"], (b"=3D" * 25 + b"=\r\n") * (octets // 78)


def file(octets: int) -> Made:
    """A text and a screenshot of this size."""
    picture = base64.encodebytes(random.Random(1).randbytes(octets * 3 // 4)).replace(b"\n", b"\r\n")
    return MULTIPART, (
        b"--b\r\nContent-Type: text/plain\r\n\r\nSee the screenshot of act_12\r\n--b\r\nContent-Type: image/png; name=shot.png\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + picture + b"--b--\r\n"
    )


def zip_bomb(octets: int) -> Made:
    """An archive that would grow to this many octets."""
    packed = base64.encodebytes(zlib.compress(bytes(octets), 9)).replace(b"\n", b"\r\n")
    return MULTIPART, (
        b"--b\r\n\r\nlog files of act_7\r\n--b\r\nContent-Type: application/zip\r\nContent-Disposition: attachment;"
        b" filename=logs.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" + packed + b"--b--\r\n"
    )


def fields(count: int) -> Made:
    """So many header fields."""
    return [b"X-%d: y" % number for number in range(count)], b"hello\r\n"


def folded(lines: int) -> Made:
    """One header field of so many lines."""
    return [b"X-Long: x" + b"\r\n\ty" * lines], b"hello\r\n"


def parameters(count: int) -> Made:
    """A Content-Type of so many parameters."""
    return [
        b"Content-Type: multipart/mixed; " + b"; ".join(b"a*%d*=utf-8''b" % n for n in range(count))
    ], b"hello\r\n"


def octets(count: int) -> Made:
    """Noise."""
    return [b"Content-Type: text/plain; charset=utf-7"], random.Random(2).randbytes(count)


def signatures(count: int) -> Made:
    """So many signatures, each with a question to the DNS."""
    tags = b"v=1; a=rsa-sha256; d=people.example; s=s%d; h=from:subject; bh=eA==; b=eA=="
    return [b"DKIM-Signature: " + tags % number for number in range(count)], b"hello\r\n"


def addresses(count: int) -> Made:
    """So many words that look like addresses."""
    return (
        PLAIN,
        b"withdraw to 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\r\n"
        * count,
    )


def recipients(count: int) -> Made:
    """So many addresses in Cc."""
    return [b"Cc: " + b",\r\n ".join(b"a%d@people.example" % number for number in range(count))], b"hello\r\n"


def encoded_words(count: int) -> Made:
    """A field of so many encoded words."""
    return [b"Comments: " + b"\r\n ".join([b"=?utf-8?b?5pel5pys?="] * count)], b"hello\r\n"


MAKERS: dict[str, Callable[[int], Made]] = {
    maker.__name__: maker
    for maker in (
        nested_messages, nested_parts, many_parts, near_boundaries, spaces, pairs, empty_lines, quotes, wrote, page, tables,
        base64_text, broken_base64, escapes, file, zip_bomb, fields, folded, parameters, octets, signatures, addresses,
        recipients, encoded_words,
    )
}  # fmt: skip
