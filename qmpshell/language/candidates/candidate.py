"""What can be offered at the cursor."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from qmpshell.language.json_cursor import Path
from qmpshell.named_tuple import NamedTuple
from qmpshell.schema import Type


class Candidate(NamedTuple):
    """Something that fits at the cursor.

    Attributes:
        name: what the typed word is compared with.
        text: what is written in place of the typed word.
        menu_text: what stands beside it in a menu.
        ending: what is written behind the text, unless it stands there already.
    """

    name: str
    text: str
    menu_text: str = ""
    ending: str = ""


class Wanted(NamedTuple):
    """Names that fit at the cursor, and which only the living machine knows.

    Attributes:
        command: the command, or the action of a transaction, that it is about.
        argument: the path of the argument whose values are wanted, or of the object
            whose members are.
        type: the type of that argument or object.
        members: whether the names of an object's members are wanted, not values.
        by_position: whether the value is a word without a name.
        given: the arguments before the cursor, by path.
    """

    command: str
    argument: Path
    type: Type
    members: bool = False
    by_position: bool = False
    given: Mapping[Path, str] = MappingProxyType({})


class Offer(NamedTuple):
    """All that fits at the cursor.

    Attributes:
        candidates: what the schema knows, in the order of a menu.
        wanted: what the machine can be asked for besides.
    """

    candidates: tuple[Candidate, ...] = ()
    wanted: tuple[Wanted, ...] = ()
