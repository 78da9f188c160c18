"""The text of a configuration file → a configuration, or one line that says what is wrong."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from qmpshell.configuration.configuration import Configuration
from qmpshell.configuration.keys import KEYS, Key
from qmpshell.configuration.lines import Path, find_lines, statements
from qmpshell.configuration.values import WrongValue
from qmpshell.errors import UsageError
from qmpshell.language.faults import shown
from qmpshell.language.spelling import nearest
from qmpshell.render import escape

_BY_PATH = {tuple(key.name.split(".")): key for key in KEYS}

#: The tables whose keys are in the table of keys.
_TABLES = {path[0] for path in _BY_PATH if len(path) > 1}

#: A key of very many parts, for which ``tomllib`` takes memory by the square of their number.
_DEEP_KEY = r"""(?<![\w-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){50}"""


def read_configuration(text: str, path: str) -> Configuration:
    """Read a configuration.

    Parameters:
        text: what stands in the file.
        path: where that is.

    Raises:
        UsageError: it is no TOML; or a key or a value isn't what it should be.
    """
    text = text.replace("\r\n", "\n")
    return _Reading(path, _parse(text, path), find_lines(text)).configuration()


def _parse(text: str, path: str) -> dict[str, Any]:
    if deep := re.search(_DEEP_KEY, text):
        line = text.count("\n", 0, deep.start()) + 1
        refuse(path, line, "no key has so many parts")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # Before Python 3.14 the text is the only thing that says where.
        found = re.fullmatch(r"(.*) \(at line ([0-9]+), column ([0-9]+)\)", str(error), re.DOTALL)
        if found:
            refuse(path, int(found[2]), f"this is no TOML, at column {found[3]}: {found[1]}")
        message = str(error).removesuffix(" (at end of document)")
        refuse(path, text.rstrip("\n").count("\n") + 1, f"this is no TOML: {message}")
    except (ValueError, RecursionError):
        refuse(path, _first_hopeless(text), "this is no TOML for Python: too deep, or too long")


def _first_hopeless(text: str) -> int:
    """Return the line of the statement that is TOML, and more than Python reads."""
    for line, statement in statements(text):
        try:
            tomllib.loads(statement)
        except (ValueError, RecursionError):
            return line
    return 1


def refuse(path: str, line: int, message: str) -> NoReturn:
    """Raise the error that says what is wrong in a line of a file."""
    raise UsageError(f"{escape(path)}:{line}: {escape(message)}")


class _Reading:
    """A document that is being read.

    Parameters:
        path: the file.
        document: what stands in it.
        lines: the lines of what does.
    """

    def __init__(self, path: str, document: Mapping[str, Any], lines: Mapping[Path, int]) -> None:
        self._path = path
        self._document = document
        self._lines = lines

    def configuration(self) -> Configuration:
        fields: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for path, value in self._pairs():
            key = _BY_PATH.get(path)
            if key is None:
                self._refuse(path, _no_such_key(path, is_table=isinstance(value, dict)))
            fields[key.field] = self._read(key, path, value)
            lines[key.name] = self._lines[path]
            for name in value if isinstance(value, dict) else ():
                lines[f"{key.name}.{name}"] = self._lines[(*path, name)]
        if "only" in fields and "except_" in fields:
            self._refuse(("events", "except"), "events.only and events.except exclude each other")
        if fields.get("tls_key") and not fields.get("tls_cert"):
            self._refuse(("tls", "key"), "tls.key is of use only with tls.cert")
        return Configuration(self._path, lines, **fields)

    def _pairs(self) -> Iterator[tuple[Path, Any]]:
        """Yield what stands in the document, and in the tables that have keys, by its path."""
        for name, value in self._document.items():
            if name not in _TABLES:
                yield (name,), value
            elif isinstance(value, dict):
                yield from (((name, inner), within) for inner, within in value.items())
            else:
                self._refuse((name,), f"{name}: a table is expected: [{name}]")

    def _read(self, key: Key, path: Path, value: object) -> Any:
        try:
            return key.type.read(value)
        except WrongValue as error:
            within = path if error.within is None else (*path, error.within)
            self._refuse(within, f"{_written(within)}: {error.message}")

    def _refuse(self, path: Path, message: str) -> NoReturn:
        refuse(self._path, self._lines.get(path, 1), message)


def _written(path: Path) -> str:
    return ".".join(name if re.fullmatch(r"[\w-]{1,40}", name) else shown(name) for name in path)


def _no_such_key(path: Path, *, is_table: bool) -> str:
    if is_table:
        kind, near = "table", nearest(path[-1], [*_TABLES, "targets"])
    else:
        # A key of a table that stands outside of it is nearer than any that is spelt like it.
        strayed = [key.name for key in KEYS if key.name.endswith(f".{path[-1]}")]
        kind = "key"
        near = next(iter(strayed), None) or nearest(_written(path), [key.name for key in KEYS])
    hint = f"; nearest: {near}" if near else "; /config shows those there are"
    return f"there is no {kind} {_written(path)}{hint}"
