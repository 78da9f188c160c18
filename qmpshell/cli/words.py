"""Which of ``qmp-shell``'s words is the address, and where the command begins.

``qmp-shell [OPTIONS] [ADDRESS] [OPTIONS] [COMMAND [ARG...]]``: options may also stand
behind the address, but what stands behind the command is the command's own.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import click

DEMO = "demo"

_ADDRESS_VARIABLES = ("QMP_SOCKET", "QMP_PATH")


def address_from(env: Mapping[str, str]) -> str | None:
    """Return the address that the environment gives, if it gives one."""
    return next((env[name] for name in _ADDRESS_VARIABLES if env.get(name)), None)


def is_address(word: str, env: Mapping[str, str]) -> bool:
    """Say whether the first word is an address, rather than a command or JSON already.

    Without an address in the environment it has to be one. With one there, it is taken
    for one where it couldn't be a command's name.
    """
    if word.startswith("{"):
        return False
    if address_from(env) is None or word == DEMO:
        return True
    return any(mark in word for mark in "/:@,") or os.path.lexists(word)


class AddressFirst(click.Command):
    """A command whose options may stand on both sides of its first word, an address."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Bring the options to the front, and let click go on."""
        before, words = self._split(ctx, args)
        if words and is_address(words[0], ctx.obj):
            between, rest = self._split(ctx, words[1:])
            args = [*before, *between, "--", words[0], *rest]
        else:
            args = [*before, "--", *words]
        return super().parse_args(ctx, args)

    def _split(self, ctx: click.Context, args: Sequence[str]) -> tuple[list[str], list[str]]:
        """Split at the first word that is no option and no option's value."""
        options = click.Command(
            None, params=[p for p in self.params if isinstance(p, click.Option)]
        )
        parser = options.make_parser(ctx)
        parser.allow_interspersed_args = False
        _, words, _ = parser.parse_args(list(args))
        before = list(args[: len(args) - len(words)])
        return [arg for arg in before if arg != "--"], words
