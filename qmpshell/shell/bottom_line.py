"""The bottom line: the signature of what is being typed, with the argument at the cursor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qmpshell.language import expected
from qmpshell.render import columns, escape
from qmpshell.render.wrap import cut
from qmpshell.schema import Schema

if TYPE_CHECKING:
    from qmpshell.shell.signature_at_cursor import Signature

#: Longer texts are pasted, and nobody reads a signature meanwhile.
_MOST_CHARACTERS = 5_000

_MOST_REMEMBERED = 500

_TEXT = "class:bottom-toolbar.text"
_CURRENT = "class:bottom-toolbar.text.current"


class BottomLine:
    """Writes the bottom line for what stands before the cursor.

    Nothing is computed twice: what a command's signature is depends on the arguments that
    are complete, not on the one that is being typed.

    Parameters:
        schema: returns what the server accepts, as far as that is known.
    """

    def __init__(self, schema: Callable[[], Schema | None]) -> None:
        self._ask_schema = schema
        self._schema: Schema | None = None
        self._signatures: dict[object, Signature | None] = {}
        self._last: tuple[str, int] | None = None
        self._last_line: list[tuple[str, str]] = []

    def __call__(self, text: str, width: int) -> list[tuple[str, str]]:
        """Return the line as styled pieces, as wide as the terminal; none if nothing fits.

        Parameters:
            text: what stands before the cursor.
            width: how many columns the terminal has.
        """
        schema = self._ask_schema()
        if schema is not self._schema:
            self._schema, self._last = schema, None
            self._signatures.clear()
        if schema is None or not text or len(text) > _MOST_CHARACTERS:
            return []
        if self._last != (text, width):
            self._last, self._last_line = (text, width), self._write(schema, text, width)
        return self._last_line

    def _write(self, schema: Schema, text: str, width: int) -> list[tuple[str, str]]:
        # The first prompt comes without it, and would wait for it to be imported.
        from qmpshell.shell.signature_at_cursor import find_signature, signature_key

        fits = expected(text)
        key = signature_key(fits)
        if key not in self._signatures:
            if len(self._signatures) > _MOST_REMEMBERED:
                self._signatures.clear()
            self._signatures[key] = find_signature(schema, fits)
        signature = self._signatures[key]
        return _cut(signature, signature.current(fits), width) if signature else []


def _cut(signature: Signature, current: str | None, width: int) -> list[tuple[str, str]]:
    """Write a signature so that the argument at the cursor is in sight."""
    name = f" {escape(signature.name)}"
    texts = [escape("".join(text for _, text in usage.pieces)) for usage in signature.usages]
    sizes = [1 + columns(text) for text in texts]
    names = [usage.name for usage in signature.usages]
    last = names.index(current) if current in names else 0
    first = 0
    while first < last and columns(name) + sum(sizes[first : last + 1]) + len(" … …") > width:
        first += 1
    pieces = [(_TEXT, name), (_TEXT, " …" if first else "")]
    for text, of in list(zip(texts, names, strict=True))[first:]:
        pieces += [(_TEXT, " "), (_CURRENT if of and of == current else _TEXT, text)]
    return _fill(pieces, width)


def _fill(pieces: list[tuple[str, str]], width: int) -> list[tuple[str, str]]:
    """Cut pieces to a width, or fill them up to it."""
    shown = cut(pieces, width)
    return [*shown, (_TEXT, " " * (width - sum(columns(text) for _, text in shown)))]
