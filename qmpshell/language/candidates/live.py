"""Names that the living machine told → candidates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qmpshell.language.candidates.candidate import Candidate, Wanted
from qmpshell.language.candidates.scope import choices
from qmpshell.language.candidates.spelling import write_key, write_text
from qmpshell.language.expectation import Expected
from qmpshell.schema import BuiltinType, Kind, Type
from qmpshell.schema.types import UNKNOWN


def live_candidates(
    expected: Expected, wanted: Wanted, names: Iterable[tuple[str, str]]
) -> Iterator[Candidate]:
    """Offer names that a machine told.

    Parameters:
        expected: what is known about the cursor.
        wanted: what was asked for there.
        names: each name, with what stands beside it.
    """
    given = {path[-1] for path in wanted.given if path[:-1] == wanted.argument}
    for name, menu_text in names:
        if not wanted.members:
            type_ = _scalar(wanted.type)
            if type_ == UNKNOWN and name in ("true", "false"):
                # No name, but a value of something that no schema describes.
                type_ = BuiltinType(Kind.BOOLEAN)
            yield write_text(name, menu_text, expected, type_, alone=wanted.by_position)
        elif name not in given:
            yield _member(name, menu_text, expected)


def _member(name: str, menu_text: str, expected: Expected) -> Candidate:
    if expected.in_json:
        return write_key(name, menu_text, expected)
    text = f"{'.'.join((*expected.argument, name))}="
    return Candidate(text, text, menu_text)


def _scalar(type_: Type) -> Type:
    """Return the type that a name has among those that fit."""
    kinds = {choice.kind for choice in choices(type_) if isinstance(choice, BuiltinType)}
    for kind in (Kind.STRING, Kind.INTEGER):
        if kind in kinds:
            return BuiltinType(kind)
    return UNKNOWN
