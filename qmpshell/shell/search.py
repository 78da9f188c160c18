"""``/search WORD``: what has a word in its name, and where it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from qmpshell.errors import UsageError
from qmpshell.named_tuple import NamedTuple
from qmpshell.render import Role, Styled, columns, escape
from qmpshell.render.wrap import wrap
from qmpshell.schema import ObjectType, Schema
from qmpshell.schema.outline import inner_object
from qmpshell.shell.session import Session

#: How deep members of members are looked at.
_MAX_DEPTH = 3

_MOST_LINES = 200
_WIDEST_NAME = 36


class Hit(NamedTuple):
    """Something that was found.

    Attributes:
        name: its name, dotted inside an object.
        place: what it is, or what it belongs to.
    """

    name: str
    place: str


def show_search(session: Session, word: str) -> None:
    """Show the commands, events and arguments that have a word in their name.

    Parameters:
        session: whose server's schema is searched, and where it is shown.
        word: upper and lower case don't matter.

    Raises:
        UsageError: there is nothing to search for, or in.
    """
    if not word:
        raise UsageError("/search needs a part of a name, such as /search bitmap")
    if session.schema is None:
        raise UsageError("no schema of this server is known, so there is nothing to search")
    hits = list(search(session.schema, word))
    if not hits:
        session.printer.note(f'nothing has "{escape(word)}" in its name')
        return
    width = session.output.width
    styled = [piece for hit in hits[:_MOST_LINES] for piece in _line(hit, width)]
    if len(hits) > _MOST_LINES:
        styled.append((Role.NOTE, f"and {len(hits) - _MOST_LINES} more; a longer word finds less"))
    role, text = styled[-1]
    session.output.show([*styled[:-1], (role, text.rstrip("\n"))])


def search(schema: Schema, word: str) -> Iterator[Hit]:
    """Find what has a word in its name: commands, events, then their members.

    Parameters:
        schema: what there is.
        word: upper and lower case don't matter; of several, a name has to have each.
    """
    words = word.lower().split()
    for names, kind in ((schema.commands, "command"), (schema.events, "event")):
        yield from (Hit(name, kind) for name in names if _has(name, words))
    for name in schema.commands:
        if command := schema.command(name):
            yield from _in_object(command.arguments, words, f"argument of {name}")
    for name in schema.events:
        if event := schema.event(name):
            yield from _in_object(event.data, words, f"in the event {name}")


def _has(name: str, words: Iterable[str]) -> bool:
    name = name.lower()
    return all(word in name for word in words)


def _in_object(object_: ObjectType, words: Sequence[str], place: str) -> Iterator[Hit]:
    """Find words in the members' names; what several branches have is found once."""
    cases: dict[str, list[str]] = {}
    for path, case in _members(object_, "", "", ()):
        if _has(path.rpartition(".")[2], words):
            cases.setdefault(path, []).append(case)
    for path, in_cases in cases.items():
        others = len(in_cases) - 1
        with_ = f", with {in_cases[0]}" if in_cases[0] else ""
        yield Hit(path, place + with_ + (f" and {others} more" if with_ and others else ""))


def _members(
    object_: ObjectType, prefix: str, case: str, above: tuple[ObjectType, ...]
) -> Iterator[tuple[str, str]]:
    """Yield the dotted names of members, and the branch that each is in."""
    if len(above) == _MAX_DEPTH or any(object_ is other for other in above):
        return
    for member in object_.members:
        path = prefix + member.name
        yield path, case
        if inner := inner_object(member.type):
            yield from _members(inner, f"{path}.", case, (*above, object_))
    for value, variant in object_.variants.items():
        yield from _members(
            variant, prefix, f"{prefix}{object_.discriminator}={value}", (*above, object_)
        )


def _line(hit: Hit, width: int | None) -> Styled:
    name = escape(hit.name)
    gap = " " * max(2, _WIDEST_NAME + 2 - columns(name))
    place: Styled = [(Role.COMMENT, escape(hit.place))]
    if width is not None:
        indent = " " * (_WIDEST_NAME + 2)
        place = wrap(place, width, " " * columns(name + gap), indent)[1:]
    return [(Role.KEY, name), (Role.TEXT, gap), *place, (Role.TEXT, "\n")]
