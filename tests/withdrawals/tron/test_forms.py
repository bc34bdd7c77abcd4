"""TRON's bytes: what a node's own documents show is read and written the same, and nothing else is read."""

from hashlib import sha256

import pytest

from activkode.withdrawals.chains import protobuf
from activkode.withdrawals.chains.tron_forms import read_raw, read_signed, shown
from withdrawals.tron.wallet import TOKEN, TOKEN_SHOWN

# The example of /wallet/broadcasthex in TRON's documentation, with the id that the node's answer names.
PUBLISHED = bytes.fromhex(
    "0A8A010A0202DB2208C89D4811359A28004098A4E0A6B52D5A730802126F0A32747970652E676F6F676C65617069732E636F6D2F"
    "70726F746F636F6C2E5472616E736665724173736574436F6E747261637412390A07313030303030311215415A523B449890854C"
    "8FC460AB602DF9F31FE4293F1A15416B0580DA195542DDABE288FEC436C7D5AF769D24206412418BF3F2E492ED443607910EA9EF"
    "0A7EF79728DAAAAC0EE2BA6CB87DA38366DF9AC4ADE54B2912C1DEB0EE6666B86A07A6C7DF68F1F9DA171EEE6A370B3CA9CBBB00"
)
PUBLISHED_ID = "38a0482d6d5a7d1439a50b848d68cafa7d904db48b82344f28765067a5773e1d"
# What a node of the main network offered for a transfer of 1.234567 USDT with a fee limit of 100 TRX, and its id.
OFFERED = bytes.fromhex(
    "0a02bb66220896b95c21f21f646840b894daff8e345aae01081f12a9010a31747970652e676f6f676c65617069732e636f6d2f70"
    "726f746f636f6c2e54726967676572536d617274436f6e747261637412740a15419858effd232b4033e47d90003d41ec34ecaeda"
    "94121541a614f803b6fd780986a42c78ec9c7f77e6ded13c2244a9059cbb000000000000000000000000cbc9f1a9e6da62d2fd62"
    "83aa51f4dea2c0fc1c79000000000000000000000000000000000000000000000000000000000012d68770f7c6d6ff8e34900180"
    "c2d72f"
)
OFFERED_ID = "efe5cd71c441ce4d56c10a2b926919b48ce15f1edbc3de923e5e4febcb4f91ca"
# A transfer signed by another wallet's program, and its id.
SIGNED = bytes.fromhex(
    "0ad4010a02e8b32208b0465d7759adf6d640c881858bfc305aae01081f12a9010a31747970652e676f6f676c65617069732e636f"
    "6d2f70726f746f636f6c2e54726967676572536d617274436f6e747261637412740a1541bf90ce9c87c42a58699b1a2e3f65e881"
    "81436d53121541a614f803b6fd780986a42c78ec9c7f77e6ded13c2244a9059cbb000000000000000000000000b0ca665130d03c"
    "977823834e3fcbe63af2421fa100000000000000000000000000000000000000000000000000000000000007c37088f4cd89fc30"
    "90018094ebdc0312413da7ea834760bb30c578c9d58aae22f04c172345e3dc5fa20ebe135e6f4e43776fc74151d2f8a35a93c9e6"
    "44e6f79b2e4facb8d4803f5ad51455da35e69f60b101"
)
SIGNED_ID = "762dee17f934b7520a8c83396a823690921355d5160d6848728834fd15dea5c4"
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


def test_what_a_real_node_offered_is_read_and_written_the_same() -> None:
    found = read_raw(OFFERED)

    assert (found.raw_data(), found.txid()) == (OFFERED, OFFERED_ID)
    assert found.owner == "0x9858effd232b4033e47d90003d41ec34ecaeda94"
    assert found.to == "0xcbc9f1a9e6da62d2fd6283aa51f4dea2c0fc1c79"
    assert (found.contract, shown(found.contract)) == (TOKEN, TOKEN_SHOWN)
    assert (found.amount, found.fee_limit) == (1_234_567, 100_000_000)


def test_what_another_program_signed_is_its_owners() -> None:
    found = read_signed(SIGNED)

    assert found.transfer.txid() == SIGNED_ID
    assert found.signer() == found.transfer.owner == "0xbf90ce9c87c42a58699b1a2e3f65e88181436d53"
    assert found.transfer.with_signature(found.signature) == SIGNED


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
