"""Whoever waits for the log is woken soon, whatever breaks in between."""

import asyncio
from typing import Any

from psycopg import Connection

from api.adapters.wakeups import APPENDED, SEQUENCED, Notifier, Wakeups
from postgres import cut_off


def test_coroutines_are_woken_together_and_again_after_the_connection_broke(
    log: str, connection: Connection[Any]
) -> None:
    async def scene() -> list[bool]:
        async with Wakeups(log) as wakeups:
            await wakeups.next()  # it listens
            mark = wakeups.mark()
            waiting = [asyncio.create_task(wakeups.next(since=mark)) for _ in range(20)]
            await asyncio.sleep(0)
            connection.execute(f"NOTIFY {APPENDED}")
            woken = await asyncio.gather(*waiting)
            mark = wakeups.mark()
            cut_off(connection, "wake-ups")
            return [*woken, await wakeups.next(since=mark)]

    assert all(asyncio.run(scene()))


def test_a_wake_up_between_looking_and_waiting_is_not_missed(
    log: str, connection: Connection[Any]
) -> None:
    async def scene() -> tuple[bool, bool]:
        async with Wakeups(log, channel=SEQUENCED) as wakeups:
            await wakeups.next()
            mark = wakeups.mark()
            connection.execute(f"NOTIFY {SEQUENCED}")
            await wakeups.next()
            return await wakeups.next(since=mark), await wakeups.next(0.01)

    assert asyncio.run(scene()) == (True, False)


def test_a_notifier_says_it_again_when_the_connection_broke(
    log: str, connection: Connection[Any]
) -> None:
    connection.execute(f"LISTEN {APPENDED}")
    with Notifier(log) as notifier:
        notifier.poke()
        assert list(connection.notifies(timeout=5, stop_after=1))
        cut_off(connection, "notifier")
        notifier.poke()

        assert list(connection.notifies(timeout=5, stop_after=1))
