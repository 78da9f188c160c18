"""Which of a command's words are secret."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qmpshell.named_tuple import NamedTuple
from qmpshell.secrets.table import (
    ALL_SECRET,
    Rule,
    bare,
    find_rule,
    is_key,
    is_nearly,
    is_secret_name,
    normal,
)

_NO_RULE = Rule()

#: Names that show nothing of what is hidden behind them.
_PLAIN_NAMES = frozenset({"arg", "keys", "property", "props", "value"})


#: What stands between commands, or behind their names, where many languages have it.
_SEPARATOR = re.compile(r"[;&|,()]+")

#: What a secret ends with that was meant to have blanks in it.
_GOES_ON = (";", ",", "&")

#: No name has it in it.
_NO_NAME = re.compile(r"[\s=]")

#: What is longer is no name, in characters.
_LONGEST = 200

#: What makes ``data`` that of a secret.
_ABOUT_SECRET = re.compile(r"/objects/|secr|cret", re.IGNORECASE)


class Given(NamedTuple):
    """A word of a line, or an argument of a request.

    Attributes:
        path: the parts of its name; empty when it has none.
        text: its value, where that is a text.
    """

    path: tuple[str, ...]
    text: str


class Verdict(NamedTuple):
    """What is to be done with a word.

    Attributes:
        secret: hide its value.
        strange: hide its name as well: it may be the beginning of a secret with ``=`` in it.
        rule: what is secret about the command that it belongs to.
    """

    secret: bool
    strange: bool
    rule: Rule


def judge(words: Sequence[Given], rule: Rule | None = None) -> list[Verdict]:
    """Say which words are secret.

    Parameters:
        words: those of a line, the command's name among them, wherever it stands; or a
            request's arguments.
        rule: what is secret about the command, where that is known already.
    """
    rule = rule or _NO_RULE
    values = " ".join(map(_said, words))
    verdicts: list[Verdict] = []
    secret_follows = goes_on = False
    in_force = rule.hides(values)
    for number, word in enumerate(words):
        command, glued = _command_in(word.text, values)
        if not command and number < 2:
            command = _command_apart(words[number : number + 2])
        if word.path:
            verdict = _judge_named(word, rule, values, in_force=in_force)
            if goes_on:
                verdict = verdict._replace(secret=True, strange=True)
            # Blanks around the =, or in a secret, were meant well.
            secret_follows = secret_follows or verdict.secret
        else:
            secret = (secret_follows or in_force) and not rule.keeps(word.text)
            verdict = Verdict(secret=secret, strange=False, rule=rule)
            if not secret and not command and _names_secret(bare(word.text), values):
                # The first word is a command's name, such as one that sets a password.
                command = None if verdicts else ALL_SECRET
                secret_follows = bool(verdicts)
        goes_on = verdict.secret and word.text.endswith(_GOES_ON)
        if command and not verdict.secret:
            rule, in_force = command, command.hides(values)
        verdicts.append(verdict._replace(secret=verdict.secret or glued))
    return verdicts


def _said(word: Given) -> str:
    """Return what a word says of others; one that is long and hidden anyway says nothing."""
    if not word.path:
        return word.text
    name = ".".join(word.path)
    return name if is_secret_name(word.path[-1]) else f"{name}={word.text}"


def _command_in(text: str, values: str) -> tuple[Rule | None, bool]:
    """Find a command with secrets; say also whether a secret may be glued to its name."""
    pieces = list(filter(None, _SEPARATOR.split(text[:_LONGEST])))
    rules = list(filter(None, map(find_rule, pieces)))
    if not rules:
        return None, False
    return rules[-1], len(pieces) > 1 and rules[-1].hides(values)


def _command_apart(words: Sequence[Given]) -> Rule | None:
    """Find a command with secrets whose name has a blank or a = in it."""
    first, *rest = words
    if first.path:
        return find_rule("_".join((*first.path, first.text)))
    if not rest or rest[0].path or find_rule(rest[0].text):
        return None
    return find_rule(first.text + rest[0].text)


def _names_secret(name: str, values: str) -> bool:
    return is_secret_name(name) or (name == "data" and bool(_ABOUT_SECRET.search(values)))


def _judge_named(word: Given, rule: Rule, values: str, *, in_force: bool) -> Verdict:
    names = [normal(part) for part in word.path]
    known = any(is_secret_name(name) or is_nearly(name, rule.hidden) for name in names)
    known = known or _names_secret(names[-1], values) or is_key(names[-1], word.text)
    kept = names[0] in (rule.kept or ())
    # An option string, as the human monitor takes it, may have the secret in it.
    plain = kept and "=" not in word.text.rstrip("=")
    hidden = in_force and not plain and not rule.keeps(word.text)
    odd = bool(_NO_NAME.search(names[0]))
    plain_name = known or kept or names[0] in _PLAIN_NAMES
    return Verdict(
        secret=known or hidden,
        strange=(known or hidden) and (odd or not plain_name),
        rule=rule,
    )
