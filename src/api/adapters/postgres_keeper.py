"""Brings our own server back when it dies under a process that goes on."""

import logging
import threading
import time
from typing import Final

from api.adapters.embedded_postgres import EmbeddedPostgres
from api.adapters.postgres_programs import PostgresUnavailable

FIRST_PAUSE_S: Final = 1.0
MAX_PAUSE_S: Final = 60.0

_log = logging.getLogger(__name__)


def keep_up(server: EmbeddedPostgres) -> None:
    """Bring *server*, which was started, back whenever it dies, until it is stopped.

    A thread in the background sees to that; it costs nothing while the server lives.
    Connections break all the same, so callers need a pool that checks them. Of several
    processes that keep up the same server one brings it back.
    """
    threading.Thread(target=_watch, args=(server,), name="postgres-keeper", daemon=True).start()


def _watch(server: EmbeddedPostgres) -> None:
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            if not server.revive():
                return
            _log.warning("the database server in %s died and was brought back", server.root)
            pause_s = FIRST_PAUSE_S
        except PostgresUnavailable:
            _log.exception("the database server died")
            pause_s = min(pause_s * 2, MAX_PAUSE_S)
        time.sleep(pause_s)
