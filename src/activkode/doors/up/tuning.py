"""PostgreSQL's settings as data. What makes a commit durable is on, and nothing here switches it off."""

import os
from collections.abc import Mapping
from pathlib import Path

DURABILITY = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}

# Passwords over loopback and over the socket alike; nothing else may connect.
HOST_RULES = """\
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
"""


def settings(port: int, socket_directory: str) -> dict[str, str]:
    """Name and value of each setting that differs from PostgreSQL's own default, or must not differ."""
    memory = memory_mebibytes()
    return DURABILITY | {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": socket_directory,
        "password_encryption": "scram-sha-256",
        "max_connections": "300",
        "shared_buffers": f"{min(max(memory // 4, 128), 1024)}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "maintenance_work_mem": "128MB",
        "work_mem": "8MB",
        "random_page_cost": "1.1",
        "max_wal_size": "4GB",
        "min_wal_size": "256MB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "idle_in_transaction_session_timeout": "5min",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        # Statements can carry a customer's message or a password.
        "log_min_error_statement": "panic",
        "log_line_prefix": "%m [%p] ",
        "jit": "off",
    }


def render(values: Mapping[str, str]) -> str:
    """The text of postgresql.conf."""
    lines = ["# Written anew at each start."]
    for name, value in values.items():
        lines.append(f"{name} = '" + value.replace("'", "''") + "'")
    return "\n".join(lines) + "\n"


def memory_mebibytes() -> int:
    """Memory of the machine, or of the container where that is less."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = int(Path("/sys/fs/cgroup/memory.max").read_text())
    except (OSError, ValueError):  # no such file, or "max"
        limit = machine
    return min(machine, limit) // 2**20
