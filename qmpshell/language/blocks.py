"""The words of a transaction block → the words of each action."""

from __future__ import annotations

from collections.abc import Sequence

from qmpshell.language.words import Word
from qmpshell.named_tuple import NamedTuple


class Block(NamedTuple):
    """A block's words, taken apart.

    Attributes:
        actions: the words of each action. The last may be empty: a separator came last.
        closing: the lone ``)`` that ends the block, if it is there.
        behind: the words behind it.
    """

    actions: Sequence[Sequence[Word]]
    closing: Word | None
    behind: Sequence[Word]


def split_block(words: Sequence[Word]) -> Block:
    """Take apart what follows ``transaction(``."""
    actions: list[list[Word]] = [[]]
    for index, word in enumerate(words):
        if word.bare == ")":
            return Block(actions, word, words[index + 1 :])
        if word.bare == ";":
            actions.append([])
            continue
        if word.new_line and actions[-1]:
            actions.append([])
        actions[-1].append(word)
    return Block(actions, None, ())
