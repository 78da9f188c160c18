"""What a shell asks a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qmpshell.client.deadline import Deadline
from qmpshell.configuration import Configuration
from qmpshell.named_tuple import NamedTuple


class Asked(NamedTuple):
    """A word that is being typed, and what stands before it.

    Attributes:
        typed: what was typed of the word.
        words: those before it that are no options.
        options: the options before it, by the names that click gives them.
        env: the environment.
        deadline: when nothing is waited for any more.
        configuration: what the configuration file says.
    """

    typed: str
    words: tuple[str, ...]
    options: Mapping[str, Any]
    env: Mapping[str, str]
    deadline: Deadline
    configuration: Configuration = Configuration()
