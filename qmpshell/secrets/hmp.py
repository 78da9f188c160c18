"""Secrets in a line of the human monitor."""

from __future__ import annotations

import re

from qmpshell.secrets.table import HIDDEN, find_rule, mentions_secret
from qmpshell.secrets.texts import hide_in_text
from qmpshell.secrets.words import Given, judge

_WORD = re.compile(r'"(?:\\.|[^"\\])*"?|\S+')
_SEVERAL = re.compile(r"\*\*\*(?:\s+\*\*\*)+")

#: What is longer is no command's name, in characters.
_LONGEST = 80


def hide_in_hmp(line: str, secrets: list[str]) -> str:
    """Hide the secrets in a line of HMP.

    Parameters:
        line: the line.
        secrets: what was hidden is added to it.
    """
    if line.lstrip().startswith("{"):
        # No line of HMP: who typed JSON here took the mode for another.
        if not mentions_secret(line):
            return line
        secrets.append(line)
        return HIDDEN
    words = list(_WORD.finditer(line))
    result, position, goes_on = "", 0, False
    verdicts = judge([Given((), found[0].strip('"')) for found in words])
    for found, verdict in zip(words, verdicts, strict=True):
        hidden = goes_on or verdict.secret or _is_unclosed(found[0])
        if hidden:
            secrets.append(found[0].strip('"'))
        shown = HIDDEN if hidden else hide_in_any_text(found[0], secrets)
        # Blanks in an option string were meant well.
        goes_on = not verdict.secret and shown.endswith(HIDDEN)
        result += line[position : found.start()] + shown
        position = found.end()
    return _SEVERAL.sub(HIDDEN, result + line[position:])


def _is_unclosed(word: str) -> bool:
    """Say whether a quote has taken the rest of a line with a secret in it."""
    unclosed = word.startswith('"') and (len(word) == 1 or not word.endswith('"'))
    return unclosed and mentions_secret(word)


def hide_in_any_text(text: str, secrets: list[str]) -> str:
    """Hide the secrets in a text, which may be a line of HMP.

    Parameters:
        text: any text.
        secrets: what was hidden is added to it.
    """
    inner = text.strip("\"' \t\n/")
    command, *arguments = inner[:_LONGEST].split(maxsplit=1) or [""]
    if arguments and find_rule(command):
        start = text.index(inner)
        return text[:start] + hide_in_hmp(inner, secrets) + text[start + len(inner) :]
    return hide_in_text(text, secrets)


def returns_secret(line: str) -> bool:
    """Say whether the answer to a line of HMP is a secret."""
    words = line.split()
    values = " ".join(words)
    verdicts = judge([Given((), word) for word in words])
    return any(
        verdict.rule.returns_secret and verdict.rule.in_force(values) for verdict in verdicts
    )
