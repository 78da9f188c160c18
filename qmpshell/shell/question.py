"""A question that is answered with y or yes, or else with no."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application

_YES = ("y", "yes")


def ask(question: Callable[[], str], appeared: Callable[[Application[str]], None]) -> bool:
    """Ask, and say whether the answer was yes. Enter, Ctrl-C and Ctrl-D are no.

    Parameters:
        question: is called at each drawing, as what it tells of the machine may change.
        appeared: is called as by :meth:`Prompt.ask`.
    """
    session: PromptSession[str] = PromptSession(question)
    try:
        answer = session.prompt(pre_run=lambda: appeared(session.app), handle_sigint=False)
    except (KeyboardInterrupt, EOFError):
        return False
    return answer.strip().lower() in _YES
