"""The words of ``qmp-shell``: an address, and a command for the machine there."""

from __future__ import annotations

from qmpshell.address import DEMO
from qmpshell.cli.completion.addresses import find_addresses
from qmpshell.cli.completion.asked import Asked
from qmpshell.cli.completion.completion import Completion
from qmpshell.cli.words import address_from, is_address
from qmpshell.client.machines import Language


def fitting_words(asked: Asked) -> list[Completion]:
    """Return the words that fit."""
    address, command = _split(asked)
    found: list[Completion] = []
    agent = bool(asked.options.get("agent"))
    can_say = agent or not (asked.options.get("hmp") or asked.options.get("skip_negotiation"))
    if address not in (None, DEMO) and can_say:
        from qmpshell.cli.completion.machine import ask_machine

        found = ask_machine(
            asked.configuration, str(address), command, asked.typed, asked.deadline, agent=agent
        )
    if asked.words or found:
        return found
    language = Language.AGENT if agent else Language.QMP
    return find_addresses(asked.typed, asked.env, asked.configuration.targets, language)


def in_command(asked: Asked) -> bool:
    """Say whether the command has begun, and so options are the command's."""
    return bool(_split(asked)[1])


def _split(asked: Asked) -> tuple[str | None, tuple[str, ...]]:
    words = asked.words
    if words and is_address(words[0], asked.env, lambda: asked.configuration.targets):
        return words[0], words[1:]
    return address_from(asked.env), words
