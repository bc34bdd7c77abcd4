"""RLP: the examples of Ethereum's own description, and the bytes that nobody writes."""

import pytest

from activkode.withdrawals.chains import rlp

WRITTEN = [
    (b"dog", "83646f67"),
    ([b"cat", b"dog"], "c88363617483646f67"),
    (b"", "80"),
    ([], "c0"),
    (b"\x0f", "0f"),
    (b"\x04\x00", "820400"),
    ([[], [[]], [[], [[]]]], "c7c0c1c0c3c0c1c0"),
    (
        b"Lorem ipsum dolor sit amet, consectetur adipisicing elit",
        "b8384c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e7365637465747572206164697069736963696e6720656c6974",
    ),
]
NOT_WRITTEN = {
    "nothing at all": "",
    "a byte behind the end": "83646f6700",
    "cut off": "83646f",
    "a small byte with a head": "8105",
    "a short text with a long head": "b803646f67",
    "a length with leading noughts": "b90038" + "00" * 56,
    "a length beyond reason": "bfffffffffffffffff",
    "a list whose last item is cut off": "c383646f",
    "lists without end": "c9c8c7c6c5c4c3c2c1c0",
}  # fmt: skip


@pytest.mark.parametrize(("item", "written"), WRITTEN, ids=[written[:20] for _, written in WRITTEN])
def test_an_item_is_written_as_described_and_read_back(item: rlp.Item, written: str) -> None:
    assert rlp.encode(item).hex() == written
    assert rlp.decode(bytes.fromhex(written)) == item


@pytest.mark.parametrize("written", NOT_WRITTEN.values(), ids=list(NOT_WRITTEN))
def test_what_nobody_writes_is_not_read(written: str) -> None:
    with pytest.raises(ValueError):
        rlp.decode(bytes.fromhex(written))


def test_a_number_has_no_leading_noughts() -> None:
    assert [rlp.number(value) for value in (0, 127, 256)] == [b"", b"\x7f", b"\x01\x00"]
    with pytest.raises(ValueError):
        rlp.number_of(b"\0\x01")
