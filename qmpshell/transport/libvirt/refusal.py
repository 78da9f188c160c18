"""Why a domain can't be reached: what the bridge says at its end, as one line, and we read."""

from __future__ import annotations

import re

from qmpshell.errors import ConnectError, NobodyListens, WrongAddress

_KINDS = {kind.__name__: kind for kind in (NobodyListens, WrongAddress)}


class Refusal(Exception):
    """A domain can't be reached.

    Parameters:
        kind: which exception says so to a person.
        what: what happened.
        advice: what to do about it.
    """

    def __init__(self, kind: type[ConnectError], what: str, advice: str = "") -> None:
        text = f"{what}; {advice}" if advice else what
        super().__init__(text if kind is ConnectError else f"{kind.__name__}: {text}")


def read_refusal(line: str) -> tuple[type[ConnectError], str]:
    """Return the kind and the text of what was said; of anything else, the text as it is."""
    found = re.fullmatch(r"(\w+): (.*)", line, re.DOTALL)
    if found and found[1] in _KINDS:
        return _KINDS[found[1]], found[2]
    return ConnectError, line
