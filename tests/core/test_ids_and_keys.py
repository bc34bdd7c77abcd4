"""Public ids and idempotency keys take what they gave and nothing else."""

import pytest

from activkode.core import ids
from activkode.core.errors import Code, Refusal
from activkode.core.idempotency import key


def test_an_id_reads_back() -> None:
    assert ids.read(ids.ACTIVATION, ids.show(ids.ACTIVATION, 100_001)) == 100_001


@pytest.mark.parametrize(
    "text", ["100001", "act_", "act_01", "act_-1", "act_1 ", "act_٣", "act_" + "9" * 19, "whk_1", "act_1.0"]
)
def test_a_wrong_id_is_as_unknown_as_a_foreign_one(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        ids.read(ids.ACTIVATION, text, Code.UNKNOWN_ACTIVATION)
    assert refused.value.code is Code.UNKNOWN_ACTIVATION


def test_a_key_covers_address_and_body() -> None:
    first, other_body, other_path = (
        key("k", path, body) for path, body in [("P /a", b"1"), ("P /a", b"2"), ("P /b", b"1")]
    )
    assert first is not None and other_body is not None and other_path is not None
    assert len({first.hash, other_body.hash, other_path.hash}) == 3
    assert key(None, "P /a", b"") is None


@pytest.mark.parametrize("text", ["", "a b", "ä", "x" * 256, "a\n"])
def test_a_key_that_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        key(text, "P /a", b"")
