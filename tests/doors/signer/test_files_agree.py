"""The file that the console exports is the one that sign-payout reads, and what it writes is what the console takes in."""

import json
from pathlib import Path

import pytest

import cast
from activkode.doors.signer import offline
from activkode.funding.policy import Asset
from activkode.withdrawals import files
from withdrawals import scripted
from withdrawals.scripted import FakePayer


@pytest.mark.django_db
def test_an_exported_payout_is_read_by_the_offline_tool_and_its_answer_is_taken(tmp_path: Path) -> None:
    alice = cast.person("alice")
    cast.fund(alice, "300.00")
    scripted.rates()
    _, payout, transaction = scripted.handed(alice, FakePayer())
    exported = tmp_path / files.name(transaction)
    exported.write_text(files.unsigned(payout, transaction))

    name, asset, body = offline._read(exported)
    written = offline._write(exported, {"payout": name, "asset": asset.value, "raw": b"signed".hex()})

    assert (name, asset, body) == (f"pay_{payout.id}", Asset.ETH, transaction.body)
    assert files.read_signed(written.read_bytes()) == files.SignedFile(payout.id, Asset.ETH, b"signed")
    assert json.loads(exported.read_text())["pays"] == f"0.0075 to {payout.destination}"
