"""Right arguments for any command, made from its schema by chance that a seed decides."""

import json
import random
from typing import Any

from qmpshell.schema import (
    AlternateType,
    ArrayType,
    BuiltinType,
    EnumType,
    Kind,
    ObjectType,
    Type,
)

#: How a value may be written, and what it is.
WRITTEN: dict[Kind, list[tuple[str, Any]]] = {
    Kind.STRING: [
        *(("123", "123"), ("x", "x"), ("true", "true"), ("null", "null"), ("'a b'", "a b")),
        *(("0x10", "0x10"), ("'[1]'", "[1]"), ("é", "é"), ("''", ""), ("-1.5", "-1.5")),
    ],
    Kind.INTEGER: [
        *(("0", 0), ("4096", 4096), ("-1", -1), ("0x1F", 31), ("4k", 4096), ("1.5G", 3 << 29)),
        *(("007", 7), ("18446744073709551615", 2**64 - 1), ("'5'", 5)),
    ],
    Kind.NUMBER: [("1", 1), ("1.5", 1.5), ("-2e3", -2000.0), (".5", 0.5)],
    Kind.BOOLEAN: [
        *(("true", True), ("on", True), ("Yes", True)),
        *(("FALSE", False), ("off", False), ("no", False)),
    ],
    Kind.NULL: [("null", None)],
    Kind.ANY: [("5", 5), ("x", "x"), ("true", True), ("'5'", "5"), ("[1,'a']", [1, "a"])],
}

#: The same where the value decides the type.
CHOSEN: dict[Kind, list[tuple[str, Any]]] = {
    **WRITTEN,
    Kind.STRING: [("x", "x"), ("'null'", "null"), ("'a b'", "a b"), ("'123'", "123")],
    Kind.INTEGER: [("0", 0), ("4096", 4096), ("-1", -1)],
    Kind.BOOLEAN: [("true", True), ("false", False)],
}

DEEPEST = 3


class Arguments:
    """Arguments as they are sent, and the words for them.

    Parameters:
        seed: decides what they are.
        full: whether optional members are all there, instead of by chance.
    """

    def __init__(self, seed: int, *, full: bool) -> None:
        self._random = random.Random(seed)
        self._full = full
        self.words: list[str] = []
        self.value: dict[str, Any] = {}

    def fill(self, type_: ObjectType, case: str | None = None) -> None:
        """Make arguments of a type, for a value of its discriminator."""
        self.value = self._object(type_, (), case)
        self._random.shuffle(self.words)

    def _make(self, type_: Type, path: tuple[str, ...]) -> Any:
        match type_:
            case BuiltinType():
                return self._word(path, self._random.choice(WRITTEN[type_.kind]))
            case EnumType():
                name = self._random.choice(type_.names)
                return self._word(path, (name, name))
            case AlternateType():
                return self._choice(type_, path)
            case ArrayType() if len(path) < DEEPEST:
                count = self._random.randint(0, 2)
                if count:
                    return [self._make(type_.element, (*path, str(i))) for i in range(count)]
                return self._word(path, ("[]", []))
            case ArrayType():
                return self._word(path, ("[]", []))
        return self._object(type_, path, None)

    def _choice(self, type_: AlternateType, path: tuple[str, ...]) -> Any:
        choices = list(type_.choices)
        if len(path) >= DEEPEST:
            choices = [choice for choice in choices if not isinstance(choice, ObjectType)]
        choice = self._random.choice(choices)
        if isinstance(choice, BuiltinType):
            return self._word(path, self._random.choice(CHOSEN[choice.kind]))
        return self._make(choice, path)

    def _object(self, type_: ObjectType, path: tuple[str, ...], case: str | None) -> dict[str, Any]:
        cases: dict[str, str] = {}
        part: ObjectType | None = type_
        while part and part.discriminator:
            cases[part.discriminator] = case or self._random.choice(list(part.variants))
            part, case = part.variants.get(cases[part.discriminator]), None
        made: dict[str, Any] = {}
        for member in type_.select(cases).members:
            below = (*path, member.name)
            wanted = len(path) < DEEPEST and (self._full or self._random.random() < 0.5)
            if member.name in cases:
                made[member.name] = self._word(below, (cases[member.name],) * 2)
            elif wanted or not member.optional:
                made[member.name] = self._make(member.type, below)
        return made if made else self._nothing(path)

    def _nothing(self, path: tuple[str, ...]) -> dict[str, Any]:
        return dict(self._word(path, ("{}", {}))) if path else {}

    def _word(self, path: tuple[str, ...], written: tuple[str, Any]) -> Any:
        text, value = written
        self.words.append(f"{'.'.join(path)}={text}")
        return value


def in_json(command: str, arguments: dict[str, Any]) -> str:
    """Write a request in JSON."""
    return json.dumps({"execute": command, "arguments": arguments}, indent=1)
