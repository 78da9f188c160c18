"""What is expected at the cursor, and a schema → the names that fit there.

``menu`` says what fits; ``scope`` finds a place's type among a command's arguments,
``members`` and ``values`` say what can be written there, ``spelling`` how it is written, and
``menu_text`` what stands beside it. What only the living machine knows is asked for by a
``Wanted``.
"""

from qmpshell.language.candidates.candidate import Candidate, Offer, Wanted
from qmpshell.language.candidates.live import live_candidates
from qmpshell.language.candidates.menu import Menu

__all__ = ["Candidate", "Menu", "Offer", "Wanted", "live_candidates"]
