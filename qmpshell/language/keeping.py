"""A typed line without its secrets, for a history.

It takes any text, as a wrong line is kept too. A text that can't be read, and in which
there might be a secret, isn't kept at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from qmpshell.errors import LineError
from qmpshell.language.arguments import is_command_name
from qmpshell.language.beginning import Beginning, Form, find_beginning
from qmpshell.language.blocks import split_block
from qmpshell.language.brackets import find_closing_bracket
from qmpshell.language.destination import find_redirection, split_words
from qmpshell.language.json_text import read_json
from qmpshell.language.options import OPTIONS
from qmpshell.language.parser import parse
from qmpshell.language.tree import RawJSON, ShellCommand, Style
from qmpshell.language.values import read_literal
from qmpshell.language.whole_texts import whole_texts
from qmpshell.language.words import Word, scan_words
from qmpshell.secrets import (
    HIDDEN,
    hide_in_hmp,
    hide_in_request,
    mentions_secret,
    program_mentions_secret,
)
from qmpshell.secrets.texts import hide_in_text
from qmpshell.secrets.values import hide_in_value
from qmpshell.secrets.words import Given, Verdict, judge

#: The shell's own commands whose words may be a program's: in the guest, or ``exec:`` here.
_PROGRAM = re.compile(r"\s*/(?:run|type|connect\s.*exec:)")

_TYPE_OPTION = re.compile(r"--(?:enter|hold\s+\S+)\s*")


def kept_line(text: str, *, hmp: bool = False) -> str | None:
    """Return what may be kept of a line, or of several that are run one after the other.

    Parameters:
        text: what was typed.
        hmp: whether it was typed in HMP's own mode.

    Returns:
        The line, with ``***`` where a secret was; ``None`` when nothing of it may be kept.
    """
    kept = _kept_whole(text, hmp=hmp)
    if kept is None or "\n" not in text:
        return kept
    # Read as one, a line may be an argument of the one before, and a harmless one.
    parts = [part for _, part in whole_texts(text.splitlines(keepends=True), lines_go_on=not hmp)]
    secret = [part for part in parts if part != text and _kept_whole(part, hmp=hmp) != part]
    return None if any(part in kept for part in secret) else kept


def _kept_whole(text: str, *, hmp: bool) -> str | None:
    start = _redirection_start(text, hmp=hmp)
    if start is None:
        return _kept(text, hmp=hmp)
    # What is secret may reach behind a | that was meant to be a part of it.
    piped = text[start] == "|" and program_mentions_secret(text[start:])
    if _kept(text, hmp=hmp) == text and not piped:
        return text
    if piped and _runs_program(text):
        return None
    return _kept(text[:start].rstrip(), hmp=hmp)


def _redirection_start(text: str, *, hmp: bool) -> int | None:
    """Return where a line says where its reply goes."""
    beginning = find_beginning(text)
    match beginning.form:
        case Form.SYSTEM_COMMAND:
            return None
        case Form.SHELL_COMMAND:
            # Of what isn't literal too much is left out here, not too little.
            name = text[beginning.start :].split(maxsplit=1)[0]
            found = find_redirection(text, beginning.start, hmp=name == "/hmp")
        case _ if hmp:
            found = find_redirection(text, beginning.start, hmp=True)
        case Form.JSON:
            end = find_closing_bracket(text, beginning.start).end
            _, found = split_words(text, end)
        case _:
            _, found = split_words(text, beginning.opened)
    return found.start if found else None


def _kept(text: str, *, hmp: bool) -> str | None:
    beginning = find_beginning(text)
    if hmp and beginning.form not in (Form.SHELL_COMMAND, Form.SYSTEM_COMMAND):
        return hide_in_hmp(text, [])
    match beginning.form:
        case Form.SYSTEM_COMMAND:
            return None if program_mentions_secret(text) else text
        case Form.NOTHING:
            return None if mentions_secret(text) else text
        case Form.SHELL_COMMAND:
            return _kept_shell_command(text)
        case Form.JSON:
            return _kept_json(text)
    return _kept_words(text, beginning)


def _kept_shell_command(text: str) -> str | None:
    try:
        line = parse(text)
    except LineError:
        line = None
    if not isinstance(line, ShellCommand):
        return None if mentions_secret(text) else text
    if _runs_program(text) and program_mentions_secret(text):
        # Nobody knows what a program takes.
        return None
    if line.name.text == "type" and not re.search(r"\S\s+\S", _TYPE_OPTION.sub("", line.rest)):
        # One word may be a guest's password; what has several is a command of its shell.
        return None
    # Whoever typed a slash before a command of QMP or HMP meant that command.
    secrets: list[str] = []
    kept = hide_in_hmp(text[line.name.start :], secrets)
    return text[: line.name.start] + kept if secrets else text


def _runs_program(text: str) -> bool:
    return bool(_PROGRAM.match(text))


def _kept_json(text: str) -> str | None:
    """Write JSON anew if there is a secret in it: then nothing of how it was written is left."""
    try:
        line = parse(text)
        assert isinstance(line, RawJSON)
        members = read_json(line.text, line.start)
    except LineError:
        return None if mentions_secret(text) else text
    request = hide_in_request(members)
    if not request.secrets:
        around = text[: line.start] + text[line.end :]
        return None if mentions_secret(around) else text
    return json.dumps(request.members, ensure_ascii=False)


def _kept_words(text: str, beginning: Beginning) -> str | None:
    words = [word for word in scan_words(text, beginning.opened) if word.bare not in OPTIONS]
    in_block = beginning.form is Form.TRANSACTION
    if any(word.fault for word in words) and mentions_secret(text):
        # What belongs to which command, nobody knows.
        return None
    if not in_block and words and not is_command_name(words[0]) and mentions_secret(text):
        return None
    # Elsewhere a second line is a mistake, and may still belong to the command before.
    segments = _actions(words) if in_block else [words]
    kept, position = "", 0
    comments = ""
    for segment in segments:
        verdicts = judge([_given(word) for word in segment])
        for word, verdict in zip(segment, verdicts, strict=True):
            start, shown = _kept_word(text, word, verdict)
            comments += text[position : word.start]
            kept += text[position:start] + shown
            position = word.end
    comments += text[position:]
    if "#" in comments and mentions_secret(comments):
        return None
    return kept + text[position:]


def _actions(words: Sequence[Word]) -> list[Sequence[Word]]:
    block = split_block([word for word in words if word.bare != ")"])
    return [*block.actions, block.behind]


def _given(word: Word) -> Given:
    path = tuple(word.name.text.split(".")) if word.name else ()
    return Given(path, word.value.text)


def _kept_word(text: str, word: Word, verdict: Verdict) -> tuple[int, str]:
    """Return from where on a word is replaced, and by what."""
    value = word.value
    written = text[value.start : word.end]
    if verdict.secret:
        return (word.start if verdict.strange else value.start), HIDDEN if written else ""
    secrets: list[str] = []
    if verdict.rule.is_hmp:
        shown = hide_in_hmp(value.text, secrets)
    elif value.style is Style.BRACKETED:
        shown = _kept_literal(word, verdict, secrets)
    else:
        shown = hide_in_value(value.text, secrets, verdict.rule)
    if not secrets:
        # What is glued to a value that ended was meant to be in it.
        return (
            (value.start, written)
            if word.end == value.end
            else (value.start, hide_in_text(written, []))
        )
    return value.start, json.dumps(shown) if value.style is Style.QUOTED else shown


def _kept_literal(word: Word, verdict: Verdict, secrets: list[str]) -> str:
    value = word.value
    try:
        if word.fault:
            raise word.fault
        literal = read_literal(value.text, value.start)
    except LineError:
        if mentions_secret(value.text):
            secrets.append(value.text)
            return HIDDEN
        return value.text
    hidden = hide_in_value(literal, secrets, verdict.rule)
    return json.dumps(hidden)
