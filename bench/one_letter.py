"""Reads the mail in a file and prints the MiB of this process at its peak."""

import os
import re
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
# Not getrusage: its peak is inherited from whoever started this.
peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
assert peak
print(int(peak[1]) / 1024)
