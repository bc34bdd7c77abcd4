"""What can go wrong while starting, each with what to do about it."""


class StartError(Exception):
    """Something cannot start; the text is for the person at the terminal."""


class ClusterError(StartError):
    """The embedded PostgreSQL cannot be prepared, started or stopped."""


class AlreadyRunning(StartError):
    """Another process holds the same directory."""
