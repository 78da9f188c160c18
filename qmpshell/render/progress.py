"""Progress as one line: a bar, how much of it is full, how fast, and how long it will take."""

from __future__ import annotations

import math

from qmpshell.progress import Progress
from qmpshell.render.diagnostics import columns
from qmpshell.render.escape import escape
from qmpshell.render.styled import Role, Styled

#: What is full and what isn't; the second where the terminal's characters allow no more.
BLOCKS = "█░"
ASCII = "#-"

#: What needs no words, as it is what one expects.
_NORMAL = ("", "running", "active")

#: More of a name is never shown.
LONGEST_NAME = 200

#: What seems to take longer will take another time, in seconds.
_LONGEST_TIME = 100 * 3600

_WIDEST_BAR = 30
_NARROWEST_BAR = 4

_UNITS = ("B/s", "kB/s", "MB/s", "GB/s", "TB/s")


def progress_line(progress: Progress, width: int, marks: str = BLOCKS) -> Styled:
    """Render progress as ``mirror0 ███████░░░ 71 %  212 MB/s  3 s``.

    Parameters:
        progress: how far it is. Where no total is known, there is no bar.
        width: how many columns there are. Where they don't suffice, the time goes first,
            then the rate, the bar, and at last the end of the name.
        marks: what is full and what isn't, a character each.
    """
    head: Styled = [(Role.KEY, escape(progress.label[:LONGEST_NAME]))]
    if progress.status not in _NORMAL:
        head += [(Role.TEXT, " "), status_piece(progress)]
    if progress.total <= 0:
        return _cut(head, width)
    tail = [f" {share_text(progress)}", *_pace(progress)]
    while len(tail) > 1 and _size(head) + 1 + _NARROWEST_BAR + sum(map(len, tail)) > width:
        tail.pop()
    text = "".join(tail)
    room = width - _size(head) - 1 - len(text)
    if room >= _NARROWEST_BAR:
        head += [(Role.TEXT, " "), *bar(progress.share, min(room, _WIDEST_BAR), marks)]
    return _cut([*_cut(head, width - len(text)), (Role.TEXT, text)], width)


def status_piece(progress: Progress) -> tuple[Role, str]:
    """Write what it does; that it has failed, where the server only says that it has ended."""
    failed = progress.status == "failed" or bool(progress.error)
    word = "failed" if failed and progress.status == "concluded" else progress.status
    usual = Role.TEXT if progress.status in _NORMAL else Role.NOTE
    return Role.ERROR if failed else usual, escape(word[:LONGEST_NAME])


def share_text(progress: Progress) -> str:
    """Write how much of it is done: ``71 %``."""
    return f"{math.floor(progress.share * 100)} %"


def bar(share: float, size: int, marks: str = BLOCKS) -> Styled:
    """Draw how much is done.

    Parameters:
        share: from 0 to 1.
        size: how many columns the bar takes.
        marks: what is full and what isn't, a character each.
    """
    full = math.floor(share * size)
    return [(Role.STRING, marks[0] * full), (Role.COMMENT, marks[1] * (size - full))]


def _pace(progress: Progress) -> list[str]:
    """Return the rate and the time that is left, as far as they are known."""
    return [f"  {text}" for text in (rate_of(progress), time_left(progress)) if text]


def rate_of(progress: Progress) -> str:
    """Write how many bytes are done in a second; nothing where there are none, or unknown."""
    known = progress.rate is not None and progress.in_bytes
    return rate_text(progress.rate or 0.0) if known else ""


def time_left(progress: Progress) -> str:
    """Write how long it will take; nothing where that isn't known, or will be another."""
    seconds = progress.seconds_left
    return time_text(seconds) if seconds is not None and seconds < _LONGEST_TIME else ""


def rate_text(rate: float) -> str:
    """Write bytes per second with three digits or so: ``212 MB/s``, ``1.4 GB/s``."""
    unit = 0
    # What would be rounded up to 1000 is one of the next unit.
    while rate >= 999.5 and unit < len(_UNITS) - 1:
        rate /= 1000
        unit += 1
    digits = 1 if rate < 9.95 and unit else 0
    return f"{rate:.{digits}f} {_UNITS[unit]}"


def time_text(seconds: float) -> str:
    """Write a time in the two units that matter: ``3 s``, ``2 min 5 s``, ``1 h 3 min``."""
    whole = math.ceil(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _size(styled: Styled) -> int:
    return sum(columns(text) for _, text in styled)


def _cut(styled: Styled, width: int) -> Styled:
    """Take away what stands beyond the width."""
    cut: Styled = []
    for role, text in styled:
        while text and columns(text) > width:
            text = text[:-1]
        width -= columns(text)
        cut.append((role, text))
    return cut
