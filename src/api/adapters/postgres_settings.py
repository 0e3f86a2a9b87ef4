"""How our own server is run."""

from collections.abc import Mapping
from typing import Final

SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "io_method": "sync",  # saves three processes
    "jit": "off",
    "max_parallel_workers_per_gather": "0",  # a container's /dev/shm holds 64 MB
    "timezone": "UTC",
    "log_timezone": "UTC",
    # One open writing transaction holds every follower of the log back, so none stays open.
    "idle_in_transaction_session_timeout": "60s",
    "transaction_timeout": "10min",
    "client_connection_check_interval": "5s",
    # The server's log must not repeat what people wrote.
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_min_duration_statement": "1s",
}
"""How the server is run. Times are PostgreSQL's; `SET` overrides most of them in a session."""
