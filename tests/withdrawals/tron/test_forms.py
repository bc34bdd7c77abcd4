"""TRON's bytes: what a node's own documents show is read and written the same, and nothing else is read."""

from hashlib import sha256

import pytest

from activkode.withdrawals.chains import protobuf
from activkode.withdrawals.chains.tron_forms import read_raw, read_signed

# The example of /wallet/broadcasthex in TRON's documentation, with the id that the node's answer names.
PUBLISHED = bytes.fromhex(
    "0A8A010A0202DB2208C89D4811359A28004098A4E0A6B52D5A730802126F0A32747970652E676F6F676C65617069732E636F6D2F"
    "70726F746F636F6C2E5472616E736665724173736574436F6E747261637412390A07313030303030311215415A523B449890854C"
    "8FC460AB602DF9F31FE4293F1A15416B0580DA195542DDABE288FEC436C7D5AF769D24206412418BF3F2E492ED443607910EA9EF"
    "0A7EF79728DAAAAC0EE2BA6CB87DA38366DF9AC4ADE54B2912C1DEB0EE6666B86A07A6C7DF68F1F9DA171EEE6A370B3CA9CBBB00"
)
PUBLISHED_ID = "38a0482d6d5a7d1439a50b848d68cafa7d904db48b82344f28765067a5773e1d"
NOT_WRITTEN = {
    "cut off in a length": "0a",
    "cut off in a text": "0a0301",
    "cut off in a number": "0880",
    "a number written longer than it is": "088100",
    "a nought that is not left out": "0800",
    "a field twice": "08010802",
    "fields out of order": "12010a0801",
    "a number of ten bytes": "0880808080808080808001",
    "a negative number": "08ffffffffffffffffff01",
    "fixed eight bytes": "090000000000000001",
    "a group": "0b0c",
}


def test_a_published_transaction_is_read_and_written_the_same() -> None:
    fields = protobuf.read(PUBLISHED)
    raw = fields[1]
    assert isinstance(raw, bytes)

    assert protobuf.write(fields) == PUBLISHED
    assert protobuf.write(protobuf.read(raw)) == raw
    assert sha256(raw).hexdigest() == PUBLISHED_ID


def test_another_kind_of_transaction_is_no_transfer_of_a_token() -> None:
    with pytest.raises(ValueError):
        read_signed(PUBLISHED)


@pytest.mark.parametrize("written", NOT_WRITTEN.values(), ids=list(NOT_WRITTEN))
def test_what_nobody_writes_is_not_read(written: str) -> None:
    with pytest.raises(ValueError):
        protobuf.read(bytes.fromhex(written))


def test_nothing_is_no_transfer() -> None:
    with pytest.raises(ValueError):
        read_raw(b"")
