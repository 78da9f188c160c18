"""A start without looking for garbage.

What is imported stays, so that Python's collector, which looks through all of it again and
again, finds nothing: a tenth of the time until the first prompt, and a moment of hesitation
now and then afterwards.
"""

from __future__ import annotations

import gc


def begin_starting() -> None:
    """Don't look for garbage until the start is over."""
    gc.disable()


def end_starting() -> None:
    """Look for garbage again, but not among what is there already."""
    gc.freeze()
    gc.enable()
