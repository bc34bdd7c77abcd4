"""Which database a command talks to: DATABASE_URL where it is set, else the embedded one of this checkout."""

from collections.abc import MutableMapping

from activkode.doors.up.cluster import cluster_of
from activkode.doors.up.directory import var_of
from activkode.doors.up.faults import ClusterError, StartError


def find(environment: MutableMapping[str, str]) -> None:
    """Sets DATABASE_URL and DATABASE_OWNER_URL where they are missing. Raises StartError."""
    if environment.get("DATABASE_URL"):
        return
    try:
        environment.update(cluster_of(var_of(environment)).settings())
    except ClusterError:
        raise StartError("no database: start `activkode up` (make up) first, or set DATABASE_URL") from None
