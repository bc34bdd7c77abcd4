"""The policy as everybody sees it: what was published under a version is never published differently."""

import json
from pathlib import Path

from activkode.activations import policy
from activkode.schema.document import document

GOLDEN = Path(__file__).parent.parent / "golden"


def test_a_published_version_does_not_change() -> None:
    """A change of the policy takes a new VERSION and a new file: activations keep the version they were bought under."""
    published = json.loads((GOLDEN / f"policy_{policy.VERSION}.json").read_text())
    assert json.loads(json.dumps(document())) == published


def test_every_situation_of_the_promise_is_a_clause() -> None:
    names = {clause.name for clause in policy.CLAUSES}
    assert {name.partition(".")[0] for name in names} == {"refund", "keep", "pay", "credit", "answer"}
    assert len(names) == len(policy.CLAUSES) == 21
