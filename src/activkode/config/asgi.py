"""The machines' door for an ASGI server. It carries no sign-in, no sessions and no pages: they are not even loaded."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "activkode.config.settings")
os.environ["ACTIVKODE_PEOPLE"] = "0"
# A database host that does not answer is "try later" within seconds, not after the operating system's patience.
os.environ.setdefault("PGCONNECT_TIMEOUT", "3")

import django

django.setup()

from activkode.doors.machines import log  # noqa: E402
from activkode.doors.machines.door import Door  # noqa: E402

log.begin()
application = Door()
