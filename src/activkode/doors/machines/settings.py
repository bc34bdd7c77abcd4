"""Limits of the machines' door, read from the environment once."""

from activkode.config import environment as env

THREADS = env.number("ACTIVKODE_MACHINES_THREADS", 16)
# Calls that wait for a thread; more are told to come again.
WAITING_MOST = env.number("ACTIVKODE_MACHINES_WAITING", 2000)
# A customer's calls that are not polls, waits or streams: so many at once, then so many a second. 0 switches it off.
CALLS_BURST = env.number("ACTIVKODE_MACHINES_BURST", 1000)
CALLS_PER_SECOND = env.number("ACTIVKODE_MACHINES_PER_SECOND", 200)
STREAMS_PER_CUSTOMER = env.number("ACTIVKODE_MACHINES_STREAMS", 100)
# A stream that has nothing to say says so this often, so that nobody in between takes it for dead.
HEARTBEAT_SECONDS = env.number("ACTIVKODE_MACHINES_HEARTBEAT_SECONDS", 15)
BOARD_MOST = env.number("ACTIVKODE_MACHINES_BOARD", 200_000)

BODY_MOST_BYTES = 64 * 1024
# A body that is too large is read so far before it is refused, and any body must be there within this time.
BODY_READ_BYTES = 16 * 1024 * 1024
BODY_SECONDS = 30.0
# How long a call may take before its caller is told to come again.
PATIENCE_SECONDS = 15.0
WAIT_MOST_SECONDS = 60.0
