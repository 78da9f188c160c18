"""Which of a command's words are secret."""

from __future__ import annotations

from collections.abc import Sequence

from qmpshell.named_tuple import NamedTuple
from qmpshell.secrets.table import Rule, find_rule, is_secret_name, normal

_NO_RULE = Rule()

#: Names that show nothing of what is hidden behind them.
_PLAIN_NAMES = frozenset({"arg", "props", "value"})


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
    values = " ".join(word.text for word in words)
    verdicts: list[Verdict] = []
    secret_follows = False
    for word in words:
        in_force = rule.kept is not None and rule.in_force(values)
        if word.path:
            verdict = _judge_named(word, rule, in_force=in_force)
            # Blanks around the =, or in a secret, were meant well.
            secret_follows = secret_follows or verdict.secret
        else:
            secret = (secret_follows or in_force) and not rule.keeps(word.text)
            verdict = Verdict(secret=secret, strange=False, rule=rule)
            command = None if verdict.secret else find_rule(word.text)
            rule = command or rule
            # The first word is a command's name, such as one that sets a password.
            if verdicts and not command:
                secret_follows = secret_follows or is_secret_name(word.text.rstrip("=:"))
        verdicts.append(verdict)
    return verdicts


def _judge_named(word: Given, rule: Rule, *, in_force: bool) -> Verdict:
    names = [normal(part) for part in word.path]
    known = any(is_secret_name(name) or name in rule.hidden for name in names)
    hidden = in_force and names[0] not in (rule.kept or ()) and not rule.keeps(word.text)
    return Verdict(
        secret=known or hidden,
        strange=hidden and not known and names[0] not in _PLAIN_NAMES,
        rule=rule,
    )
