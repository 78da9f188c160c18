"""What is offered at a cursor, and what the check then says of it, on any right line."""

import re
from typing import Any

import pytest

from qmpshell.errors import LineError
from qmpshell.language import Slot, bind, expected, parse
from qmpshell.language.candidates import Menu
from qmpshell.schema import ObjectType
from tests.language.generator import Arguments
from tests.schema.recorded import VERSIONS, schema


def refusal(line: str, accepted: object) -> str:
    """Return why a line is refused for a name in it; ``""`` when it isn't."""
    try:
        tree = parse(line)
        assert tree is not None
        bind(tree, accepted)
    except LineError as error:
        return error.message if "has no argument" in error.message else ""
    return ""


def beginning(name: str) -> str:
    """The first part of a dotted name, without its value."""
    return re.split("[.=]", name)[0]


def discriminators(type_: ObjectType, value: dict[str, Any]) -> set[str]:
    """The members that decide which others there are."""
    names: set[str] = set()
    part: ObjectType | None = type_
    while part and part.discriminator:
        names.add(part.discriminator)
        part = part.variants.get(value[part.discriminator])
    return names


@pytest.mark.parametrize("version", VERSIONS)
def test_the_next_name_is_offered_and_no_offered_name_is_refused(version: str) -> None:
    accepted = schema(version)
    menu = Menu(accepted, accepted.commands)
    looked_at = 0
    for name in accepted.commands:
        command = accepted.command(name)
        if name == "transaction":
            continue
        arguments = Arguments(seed=1, full=True)
        arguments.fill(command.arguments)
        line = name
        tags = discriminators(command.arguments, arguments.value)
        for word in sorted(arguments.words, key=lambda word: beginning(word) not in tags):
            fits = expected(f"{line} ")
            offered = {candidate.text for candidate in menu.at(fits).candidates}
            if fits.kind is Slot.ARGUMENT_NAME:
                names = {beginning(text) for text in offered}
                assert beginning(word) in names, (line, word)
            for text in offered:
                if text.endswith(("=", ".")):
                    value = "x" if text.endswith("=") else "x=x"
                    looked_at += 1
                    why = refusal(f"{line} {text}{value}", accepted)
                    # A dotted beginning leads on to names that are offered in their turn.
                    assert not why or text.endswith("."), (f"{line} {text}", why)
            line += f" {word}"
    assert looked_at > 2000
