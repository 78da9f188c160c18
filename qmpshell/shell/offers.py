"""Everything that fits at a cursor: what the schema says, and the machine.

The prompt and the Tab of other shells share it, so it stays without prompt_toolkit.
"""

from __future__ import annotations

from qmpshell.client.names import LiveNames, find_sources
from qmpshell.language import Expected
from qmpshell.language.candidates import Candidate, Menu, live_candidates
from qmpshell.named_tuple import NamedTuple


class Offers(NamedTuple):
    """What fits at a cursor.

    Attributes:
        candidates: by name, in the order of a menu.
        complete: whether they are all; if not, the machine still owes an answer.
    """

    candidates: dict[str, Candidate]
    complete: bool


def find_offers(fits: Expected, menu: Menu, live: LiveNames | None) -> Offers:
    """Find everything that fits at a cursor.

    Parameters:
        fits: what is expected there.
        menu: knows what the server accepts.
        live: asks the machine; ``None`` where it can't be asked.
    """
    offer = menu.at(fits)
    candidates = {candidate.name: candidate for candidate in offer.candidates}
    complete = True
    for wanted in offer.wanted:
        sources = find_sources(
            wanted.command,
            wanted.argument,
            members=wanted.members,
            typed=fits.prefix,
            given=wanted.given,
        )
        if live is None or not sources:
            continue
        names, all_there = live.names(sources)
        complete = complete and all_there
        for candidate in live_candidates(fits, wanted, names):
            candidates.setdefault(candidate.name, candidate)
    return Offers(candidates, complete)
