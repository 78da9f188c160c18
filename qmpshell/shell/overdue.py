"""Commands that a person waits for no more, and that QEMU has not answered yet."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from qmpshell.named_tuple import NamedTuple
from qmpshell.protocol import ErrorReply, Return
from qmpshell.render import Role, Styled, escape

OnReply = Callable[[Return | ErrorReply], None]

#: What isn't answered for so many seconds is worth a remark, whatever is known of it.
LONG_SECONDS = 10


class Late(NamedTuple):
    """A command that isn't answered.

    Attributes:
        members: the request.
        sent: when, in seconds of the monotonic clock.
    """

    members: Mapping[str, Any]
    sent: float

    @property
    def name(self) -> str:
        """The command's name, safe for a terminal."""
        return escape(str(self.members.get("execute")))

    @property
    def seconds(self) -> int:
        """For how long it hasn't been answered."""
        return int(time.monotonic() - self.sent)

    def mentions(self, name: str) -> bool:
        """Say whether a name stands in the request."""
        return json.dumps(name) in json.dumps(self.members.get("arguments"))


class Overdue:
    """Knows which commands have no answer yet, and says when one has.

    Parameters:
        say: shows a line.

    Attributes:
        untold: whether one has been added since the person was told what there is to do.
        offered: the lines that were offered last to free them.
    """

    def __init__(self, say: Callable[[Styled], None]) -> None:
        self.untold = False
        self.offered: tuple[str, ...] = ()
        self._matters = False
        self._say = say
        self._late: list[Late] = []

    @property
    def first(self) -> Late | None:
        """The one that was sent first: those behind wait for it."""
        return self._late[0] if self._late else None

    @property
    def obstacle(self) -> Late | None:
        """The first, if the person was told of it, or it takes long."""
        return self.first if self.first and self._is_worth_a_remark(self.first) else None

    def clear(self) -> None:
        """Forget them all: they were another connection's."""
        self._late.clear()
        self.untold = self._matters = False
        self.offered = ()

    def offer(self, lines: Iterable[str]) -> None:
        """Take note that lines are offered that may free them."""
        self.offered = tuple(lines)
        self._matters = True

    def sending(self, members: Mapping[str, Any]) -> tuple[Late, OnReply]:
        """Take note that a request is sent now; return that, and what is given a late reply."""
        late = Late(members, time.monotonic())
        return late, functools.partial(self._end, late)

    def add(self, late: Late) -> None:
        """Take note that one was given up."""
        if "execute" in late.members:
            self._late.append(late)
            self.untold = True

    def _end(self, late: Late, reply: Return | ErrorReply) -> None:
        if late not in self._late:
            return
        remarked = self._is_worth_a_remark(late)
        self._late.remove(late)
        self._matters = self._matters and bool(self._late)
        if not remarked:
            return
        after = f"{late.name}, given up, has ended after {late.seconds} s: "
        if isinstance(reply, ErrorReply):
            why = escape(f"{reply.error_class}: {reply.desc}")
            self._say([(Role.NOTE, after), (Role.ERROR, why)])
        else:
            self._say([(Role.NOTE, f"{after}it succeeded")])

    def _is_worth_a_remark(self, late: Late) -> bool:
        return self._matters or late.seconds >= LONG_SECONDS
