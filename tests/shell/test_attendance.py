"""What is said of connections that come and go while a prompt stands."""

import asyncio
from types import SimpleNamespace

import pytest

from qmpshell.shell import attendance
from qmpshell.shell.attendance import Attendance


class Comings:
    """Connections of which each is followed by the next at once, ``count`` of them."""

    def __init__(self, count: int) -> None:
        self.client = SimpleNamespace(closed=True)
        self.waiting, self.pause = True, 0.0
        self._left = count

    def go_on(self) -> bool:
        self._left -= 1
        self.client = SimpleNamespace(closed=self._left > 0)
        return True


def test_a_connection_that_is_gone_hurries_none_that_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each has its own time to be told what its machine is called and how it is."""
    later: list[object] = []
    told: list[bool] = []

    async def attend() -> None:
        loop = asyncio.get_running_loop()
        call_later = loop.call_later

        def keep(seconds: float, call, *arguments: object) -> object:
            if seconds == attendance.FIRST_PROMPT_SECONDS:
                later.append((call, arguments))
                return None
            return call_later(seconds, call, *arguments)

        monkeypatch.setattr(loop, "call_later", keep)
        news = SimpleNamespace(tell_connected=lambda *, at_once: told.append(at_once))
        Attendance(Comings(2), news, lambda: None, lambda: None).begin()
        while len(later) < 2:
            await asyncio.sleep(0)

    monkeypatch.setattr(attendance, "watch", lambda *_: None)
    asyncio.run(attend())
    (first, its), (second, seconds_own) = later
    first(*its)
    assert told == []
    second(*seconds_own)
    assert told == [True]
