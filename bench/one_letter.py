"""Reads the mail in a file, for its memory to be measured from outside."""

import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "activkode.config.settings")
os.environ.setdefault("SECRET_KEY", "bench keeps no secret")

from activkode.mailbox.reading import read
from activkode.mailbox.reading.authentication import Envelope
from activkode.mailbox.reading.nature import Own
from activkode.withdrawals import destinations

read.read(
    Path(sys.argv[1]).read_bytes(),
    Envelope(),
    own=Own(frozenset(("contact@activkode.example",)), "activkode.example"),
    dns=lambda *_: [],
    destinations=destinations,
    now=0,
)
