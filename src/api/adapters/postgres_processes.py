"""Finds the PostgreSQL processes of one data folder, and nobody else's."""

import signal
from pathlib import Path

import psutil


def processes_in(data: Path) -> list[psutil.Process]:
    """Return the living PostgreSQL processes that work in *data*.

    Without the right to see where a process works (root in a container may lack it), the
    command line that the server was launched with decides.
    """
    ours = str(data)
    return [
        process
        for process in psutil.process_iter(["name", "status", "cwd", "cmdline"])
        if process.info["name"] == "postgres"
        and process.info["status"] != psutil.STATUS_ZOMBIE
        and (
            process.info["cwd"] == ours
            or (process.info["cwd"] is None and ours in (process.info["cmdline"] or ()))
        )
    ]


def is_child(process: psutil.Process) -> bool:
    """Whether it is a server's child, not the server. Only the latter shows its arguments."""
    arguments = process.info["cmdline"] or [""]
    return str(arguments[0]).startswith("postgres:")


def end(process: psutil.Process, how: signal.Signals) -> None:
    """Signal *process*, unless it is gone; a process that took its pid is left alone."""
    try:
        process.send_signal(how)
    except psutil.NoSuchProcess:
        return
