"""From a key to the menu on the terminal: beside prompt_toolkit's own completer of words.

The letter s is typed on an empty line, and the name of a command awaited in the menu. The
peer's words are the commands' names.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile

from benchmarks.measuring import (
    PROGRAMS,
    Section,
    compile_us,
    environment,
    running_qemu,
    table,
    take_turns,
)
from benchmarks.prompts import Terminal
from tests.schema.recorded import schema

ROUNDS = 25

WORDS = """
import sys
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
PromptSession(completer=WordCompleter(sys.argv[1:])).prompt('bare> ')
"""


def report(rounds: int) -> Section:
    """Measure.

    Parameters:
        rounds: how often each is measured.
    """
    compile_us()
    with contextlib.ExitStack() as stack:
        (monitor,) = stack.enter_context(running_qemu())
        env = environment(stack.enter_context(tempfile.TemporaryDirectory()))
        words = [sys.executable, "-c", WORDS, *schema("7.2").commands]
        bare = stack.enter_context(Terminal(words, env))
        bare.started("bare>")
        ours = stack.enter_context(Terminal([str(PROGRAMS / "qmp-shell"), monitor], env))
        ours.started("prelaunch")
        # It is in use when this is refused.
        ours.type("set_link name=1 up=maybe\r", "a boolean is expected")
        ways = {
            "a bare prompt with words": lambda: to_menu(bare),
            "qmp-shell": lambda: to_menu(ours),
        }
        return Section([table("a key to the menu", take_turns(ways, rounds), "ms")], [])


def to_menu(terminal: Terminal) -> float:
    """Press a key at an empty line, and return how many milliseconds the menu took."""
    terminal.clear()
    return terminal.type("s", "screendump")
