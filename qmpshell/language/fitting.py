"""What was written + the types of a schema → what is sent.

This is the one place that compares them, for shorthand and for raw JSON alike.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from qmpshell.language.complaints import missing_members, unknown_member
from qmpshell.language.faults import printable
from qmpshell.language.json_scalars import check_scalar
from qmpshell.language.misfit import Misfit, Path, dotted
from qmpshell.language.typed_scalars import read_word
from qmpshell.language.written import read_untyped, word_of
from qmpshell.schema import (
    AlternateType,
    ArrayType,
    BuiltinType,
    EnumType,
    Kind,
    Member,
    ObjectType,
    Type,
)
from qmpshell.schema.schema import Command
from qmpshell.schema.types import Marked

#: Given a command that takes more than its schema says, and the texts that were written,
#: returns the names of what else it takes; none where that isn't known.
Further = Callable[[str, Mapping[Path, str]], Collection[str]]


def nothing_further(_command: str, _given: Mapping[Path, str]) -> Collection[str]:
    """Nothing is known of what a command takes besides: a :data:`Further`."""
    return ()


class Fitting:
    """Fits the arguments of one command or action.

    Parameters:
        command: its name.
        strict: whether values are JSON and have to be of their type already.
        checked: whether what doesn't fit is refused; otherwise it is read without a schema.
        further: knows what is in no schema.

    Attributes:
        notes: what a person should know of arguments that were used, as keys.
    """

    def __init__(
        self, command: str, *, strict: bool, checked: bool, further: Further = nothing_further
    ) -> None:
        self.command = command
        self.strict = strict
        self.checked = checked
        self.further = further
        self.notes: dict[str, None] = {}

    def fit_arguments(self, type_: ObjectType, written: Mapping[str, Any]) -> dict[str, Any]:
        """Fit all arguments.

        Parameters:
            type_: what the command takes.
            written: the arguments as they were written.

        Raises:
            Misfit: the schema doesn't allow them.
            LineError: a word can't be sent.
        """
        return self._fit_object(type_, written, ())

    def note_command(self, command: Command) -> None:
        """Note a command that is marked."""
        self._note(command, f"{self.command} is")

    def note_value(self, type_: EnumType, name: str, shown: str) -> None:
        """Note an enumeration's value that is marked.

        Parameters:
            type_: the enumeration.
            name: the value.
            shown: how the note names it.
        """
        for value in type_.values:
            if value.features and value.name == name:
                self._note(value, f"{shown} is")

    def _note(self, marked: Marked, beginning: str) -> None:
        for mark in ("deprecated", "unstable"):
            if mark in marked.features:
                self.notes[printable(f"{beginning} {mark}")] = None

    def _fit(self, type_: Type, written: Any, path: Path) -> Any:
        try:
            return self._fit_checked(type_, written, path)
        except Misfit:
            if self.checked:
                raise
            return read_untyped(written)

    def _fit_checked(self, type_: Type, written: Any, path: Path) -> Any:
        match type_:
            case BuiltinType(Kind.ANY):
                return read_untyped(written)
            case BuiltinType() | EnumType():
                return self._fit_scalar(type_, written, path)
            case AlternateType():
                from qmpshell.language.choosing import choose_type  # few arguments need it

                return self._fit(choose_type(type_, written, path), written, path)
            case ArrayType():
                return self._fit_array(type_, written, path)
            case ObjectType() if isinstance(written, dict):
                return self._fit_object(type_, written, path)
        how = "" if self.strict else f": {{...}}, or {dotted(path)}.NAME=VALUE"
        raise Misfit(f"an object is expected{how}", path)

    def _fit_scalar(self, type_: BuiltinType | EnumType, written: Any, path: Path) -> Any:
        text = None if self.strict else word_of(written)
        is_text = isinstance(type_, EnumType) or type_.kind is Kind.STRING
        if is_text and type(written) is int and not self.strict:
            text = str(written)  # as the same digits would be outside of the literal
        fitted = written
        if text is None:
            check_scalar(type_, written, path)
        else:
            fitted = read_word(type_, text, path)
        if isinstance(type_, EnumType):
            self.note_value(type_, str(fitted), f"{self.command}: {dotted(path)}={fitted}")
        return fitted

    def _fit_array(self, type_: ArrayType, written: Any, path: Path) -> list[Any]:
        if isinstance(written, list):
            element = type_.element
            return [
                self._fit(element, value, (*path, str(index)))
                for index, value in enumerate(written)
            ]
        how = "" if self.strict else f": [...], or {dotted(path)}.0=VALUE"
        raise Misfit(f"a list is expected{how}", path)

    def _fit_object(
        self, type_: ObjectType, written: Mapping[str, Any], path: Path
    ) -> dict[str, Any]:
        cases, is_open = self._find_cases(type_, written, path)
        selected = type_.select(cases)
        members = {member.name: member for member in selected.members}
        fitted: dict[str, Any] = {}
        for name, value in written.items():
            if name in members:
                fitted[name] = self._fit_member(members[name], value, path)
            elif self.checked and not (is_open or selected.open):
                raise unknown_member(self.command, type_, cases, members, (*path, name))
            elif self.checked and selected.open and not path:
                self._refuse_unknown(name, type_, written)
                fitted[name] = read_untyped(value)
            else:
                fitted[name] = read_untyped(value)
        missing = [
            member for member in members.values() if not (member.optional or member.name in fitted)
        ]
        if missing and self.checked:
            raise missing_members(missing, path)
        return fitted

    def _refuse_unknown(self, name: str, type_: ObjectType, written: Mapping[str, Any]) -> None:
        """Refuse what an open command doesn't take either, where all that it takes is known."""
        texts = {key: text for key, value in written.items() if (text := word_of(value))}
        known = self.further(self.command, {(key,): text for key, text in texts.items()})
        # An element of an array is there as soon as the array has a length.
        if known and name not in known and "[" not in name:
            required = [member.name for member in type_.members if not member.optional]
            deciding = {key: texts[key] for key in required if key in texts}
            names = [*(member.name for member in type_.members), *known]
            raise unknown_member(self.command, type_, deciding, names, (name,))

    def _fit_member(self, member: Member, written: Any, path: Path) -> Any:
        below = (*path, member.name)
        if member.features:
            self._note(member, f"{self.command}: {dotted(below)} is")
        return self._fit(member.type, written, below)

    def _find_cases(
        self, type_: ObjectType, written: Mapping[str, Any], path: Path
    ) -> tuple[dict[str, str], bool]:
        """Read the discriminators' values.

        Returns:
            The values, by their names, and whether there is more to the object than known.
        """
        cases: dict[str, str] = {}
        variant: ObjectType | None = type_
        while variant and (tag := variant.discriminator) and tag not in cases:
            member = next(member for member in variant.members if member.name == tag)
            if tag not in written:
                return cases, member.optional
            case = self._fit_member(member, written[tag], path)
            if not isinstance(case, str):
                return cases, True
            cases[tag] = case
            if case not in variant.variants and not isinstance(member.type, EnumType):
                return cases, True
            variant = variant.variants.get(case)
        return cases, False
