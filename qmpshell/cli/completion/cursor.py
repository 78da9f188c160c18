"""The words of a command, and one that is being typed → what is expected there.

The language knows lines that are typed at a prompt. There a value with a blank in it stands
in quotes, which another shell's words don't have any more: they are put around it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from qmpshell.language import Expected, Slot, Style, expected
from qmpshell.language.candidates import Candidate
from qmpshell.language.words import Word, split_word
from qmpshell.named_tuple import NamedTuple

#: What ends a bare value in a line, or changes its meaning; QEMU's json: may hold it.
_SPLITTING = re.compile(r"""(?!json:\{)(?:[|>]|.*[\s"'])""", re.DOTALL)


class Cursor(NamedTuple):
    """What is expected of the word that is being typed.

    Attributes:
        fits: what the language says.
        kept: the beginning of the word that stays.
        typed: its rest, with which what fits has to begin.
    """

    fits: Expected
    kept: str
    typed: str

    def written(self, candidate: Candidate) -> str:
        """Return the whole word with a candidate in it."""
        if self.fits.in_json:
            return self.kept + candidate.text + candidate.ending
        return self.kept + candidate.name


def find_cursor(words: Sequence[str], typed: str) -> Cursor | None:
    """Say what is expected of a command's word.

    Parameters:
        words: the command's name and its arguments, before the word.
        typed: what was typed of the word.

    Returns:
        It; ``None`` where nothing can be told.
    """
    if words:
        return _at_argument(" ".join(map(_in_line, words)) + " ", typed)
    fits = expected(typed)
    if typed.startswith("{"):
        return Cursor(fits, typed[: fits.start], typed[fits.start :])
    return Cursor(fits, "", typed) if fits.kind is Slot.COMMAND_NAME else None


def _at_argument(before: str, typed: str) -> Cursor | None:
    word = split_word(typed, 0)
    if word.value.style is Style.BRACKETED:
        fits = expected(before + typed)
        start = fits.start - len(before)
        return Cursor(fits, typed[:start], typed[start:]) if fits.in_json else None
    kept = typed[: word.value.start]
    fits = expected(before + kept + _begun(word))
    if fits.kind is Slot.NOTHING:
        return None
    return Cursor(fits._replace(prefix=word.value.text, quote=""), kept, word.value.text)


def _in_line(text: str) -> str:
    """Write a word as it would be typed at a prompt."""
    word = split_word(text, 0)
    begun = _begun(word)
    return text if begun == word.value.text else f'{text[: word.value.start]}{begun}"'


def _begun(word: Word) -> str:
    """Write a value as it would be typed at a prompt, up to its last character."""
    text = word.value.text
    if word.value.style is Style.BRACKETED or not _SPLITTING.match(text):
        return text
    return json.dumps(text, ensure_ascii=False)[:-1]
