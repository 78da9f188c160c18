"""The names of arguments that fit at the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qmpshell.language.candidates.candidate import Candidate
from qmpshell.language.candidates.menu_text import describe_marks, describe_member, describe_type
from qmpshell.language.candidates.scope import Scope, choices
from qmpshell.language.candidates.spelling import write_key
from qmpshell.language.expectation import Expected
from qmpshell.language.json_cursor import Path
from qmpshell.schema import ArrayType, Member, ObjectType, Type


def member_candidates(expected: Expected, scope: Scope) -> Iterator[Candidate]:
    """Offer the members of the object that the cursor is in, or the next index of its list."""
    path = expected.argument
    if path in scope.given:
        return
    found = scope.find_object(path)
    if found:
        given = scope.parts_below(path)
        for member in sorted(found.members, key=_rank):
            if expected.in_json:
                if member.name not in given:
                    yield write_key(member.name, describe_member(member), expected)
            else:
                yield from _dotted(member, path, scope, given.get(member.name))
    if not expected.in_json:
        yield from _indices(path, scope)


def _rank(member: Member) -> int:
    """Required ones first, and those last that a person had better not use."""
    return 2 if any(describe_marks(member)) else int(member.optional)


def _dotted(member: Member, path: Path, scope: Scope, below: int | None) -> Iterator[Candidate]:
    """Offer a member in shorthand.

    Parameters:
        member: the member.
        path: of the object that it belongs to.
        scope: what else was given.
        below: how many parts at least follow its name where it was given.
    """
    if below == 0:
        return
    own = (*path, member.name)
    started = below is not None
    for ending in _endings(member.type, own, scope):
        if not (started and ending == "="):
            text = ".".join(own) + ending
            yield Candidate(text, text, describe_member(member))


def _endings(type_: Type, path: Path, scope: Scope) -> Iterable[str]:
    """Say what can follow the name of something: ``=``, a dot, or an index."""
    endings: list[str] = []
    for choice in choices(type_):
        match choice:
            case ObjectType():
                is_empty = not choice.members and not choice.open
                endings.append("={}" if is_empty else ".")
            case ArrayType():
                endings += [f".{index}" for index in _index_texts(choice, path, scope)]
            case _:
                endings.append("=")
    return dict.fromkeys(endings)


def _index_texts(array: ArrayType, path: Path, scope: Scope) -> Iterator[str]:
    """Offer the last element while more can be said of it, and the next."""
    given = scope.parts_below(path)
    count = len(given)
    element = array.element
    if count and given.get(str(count - 1)):
        yield f"{count - 1}."
    for choice in choices(element):
        yield f"{count}{'.' if isinstance(choice, ObjectType) else '='}"


def _indices(path: Path, scope: Scope) -> Iterator[Candidate]:
    for choice in choices(scope.find_type(path)):
        if isinstance(choice, ArrayType):
            for index in dict.fromkeys(_index_texts(choice, path, scope)):
                text = ".".join((*path, index))
                yield Candidate(text, text, describe_type(choice.element))
