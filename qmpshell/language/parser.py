"""Text → syntax tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from qmpshell.errors import LineError
from qmpshell.language.arguments import is_command_name, read_arguments
from qmpshell.language.beginning import Beginning, Form, find_beginning
from qmpshell.language.brackets import find_closing_bracket
from qmpshell.language.destination import Redirection, find_redirection, split_words
from qmpshell.language.faults import Unfinished, shown
from qmpshell.language.tree import (
    Action,
    Command,
    Invocation,
    Line,
    Name,
    OptionUse,
    RawJSON,
    ShellCommand,
    Style,
    SystemCommand,
    Transaction,
)
from qmpshell.language.words import Word, awaits_expression, split_word

_SHELL_COMMAND = re.compile(r"/?(\S*+)\s*+")

#: Commands of the shell to which ``|`` and ``>`` are text like any other.
LITERAL = frozenset({"output", "type"})


def parse(text: str) -> Line | None:
    """Read what was typed.

    Parameters:
        text: one command; of several lines where a bracket or a block spans them.

    Returns:
        The line's syntax tree; ``None`` when there is nothing in it but blanks and comments.

    Raises:
        LineError: it can't be understood.
    """
    beginning = find_beginning(text)
    if beginning.form is Form.NOTHING:
        return None
    if beginning.form is Form.SHELL_COMMAND:
        return _shell_command(text, beginning.start)
    if beginning.form is Form.SYSTEM_COMMAND:
        end = len(text.rstrip())
        return SystemCommand(text[beginning.start + 1 : end].lstrip(), beginning.start, end)
    return _command(text, beginning)


def parse_words(words: Sequence[str]) -> Command:
    """Read a command whose words another shell has split, as in ``qmp-shell ADDRESS NAME ARG...``.

    A word is one argument whatever is in it: a quote is an ordinary character. A single
    word that holds blanks, or raw JSON, is read as if it were typed.

    Positions, in the tree as in errors, refer to ``" ".join(words)``.

    Raises:
        LineError: it can't be understood.
    """
    text = " ".join(words)
    beginning = find_beginning(text)
    if beginning.form is Form.NOTHING:
        raise LineError("a command is expected", 0, len(text))
    if len(words) == 1 and (beginning.form is Form.JSON or any(map(str.isspace, text))):
        return _command(text, beginning)
    return _split_command(list(_split_words(words)))


def is_complete(text: str) -> bool:
    """Say whether Enter runs a text: ``False`` when a bracket or a block in it is still open.

    It is ``True`` as well for what no further line can put right.
    """
    # Only brackets can be open, and few lines have any.
    if not any(bracket in text for bracket in "{[("):
        return True
    try:
        parse(text)
    except Unfinished:
        return False
    except LineError:
        return True
    return True


def _command(text: str, beginning: Beginning) -> Command:
    if beginning.form is Form.JSON:
        return _raw_json(text, beginning.start)
    words, behind = split_words(text, beginning.opened)
    if beginning.form is Form.TRANSACTION:
        opening = text[beginning.start : beginning.opened]
        return _transaction(Name(opening, beginning.start, beginning.opened), words, behind)
    return _invocation(words, behind)


def _split_words(words: Iterable[str]) -> Iterator[Word]:
    start = 0
    expression = False
    for text in words:
        word = split_word(text, start, expression=expression)
        yield word
        start += len(text) + 1
        expression = awaits_expression(word)


def _split_command(words: list[Word]) -> Command:
    beginning = [word.bare for word in words[:2]]
    if beginning[0] == "transaction(":
        return _transaction(Name("transaction(", words[0].start, words[0].end), words[1:])
    if beginning == ["transaction", "("]:
        return _transaction(Name("transaction (", words[0].start, words[1].end), words[2:])
    first = words[0]
    if first.value.text.startswith("{") and not (first.name or first.fault):
        return RawJSON(first.value.text, first.start, first.end, _options(words[1:]))
    return _invocation(words)


def _shell_command(text: str, start: int) -> ShellCommand:
    found = _SHELL_COMMAND.match(text, start)
    assert found is not None
    if not found[1]:
        message = "a command of the shell is expected after /, such as /help"
        raise LineError(message, start, start + 1)
    name = "help" if found[1] == "?" else found[1]
    behind = None if name in LITERAL else find_redirection(text, found.end(), hmp=name == "hmp")
    rest = text[found.end() : behind.start if behind else None].rstrip()
    destination = behind.checked() if behind else None
    named = Name(name, found.start(1), found.end(1))
    return ShellCommand(named, rest, found.end(), destination)


def _raw_json(text: str, start: int) -> RawJSON:
    extent = find_closing_bracket(text, start)
    if extent.fault:
        raise extent.fault
    words, behind = split_words(text, extent.end)
    options = _options(words)
    if options and options[0].name.start == extent.end:
        message = "a blank is expected after the closing bracket"
        raise LineError(message, extent.end, options[0].name.end)
    destination = behind.checked() if behind else None
    return RawJSON(text[start : extent.end], start, extent.end, options, destination)


def _options(words: Sequence[Word]) -> tuple[OptionUse, ...]:
    """Read what may stand behind raw JSON."""
    arguments, options = read_arguments(words)
    if arguments:
        culprit = arguments[0]
        message = "nothing may follow the JSON object but options; send one at a time"
        raise LineError(message, culprit.start, culprit.value.end)
    return options


def _invocation(words: Sequence[Word], behind: Redirection | None = None) -> Invocation:
    if not words:
        assert behind is not None
        operator = behind.destination.operator
        message = f"the name of a command comes first, before {operator.text}"
        raise LineError(message, operator.start, operator.end)
    name = _name(words[0], "command")
    arguments, options = read_arguments(words[1:])
    return Invocation(name, arguments, options, behind.checked() if behind else None)


def _transaction(
    name: Name, words: Sequence[Word], behind: Redirection | None = None
) -> Transaction:
    from qmpshell.language.blocks import split_block  # few commands need it

    block = split_block(words)
    actions = tuple(_action(action) for action in block.actions if action)
    arguments, options = read_arguments(block.behind)
    if block.closing is None:
        raise _unclosed(name, words, behind)
    if not actions:
        message = "a transaction needs an action: transaction( NAME ARG... )"
        raise LineError(message, name.start, block.closing.end)
    return Transaction(name, actions, arguments, options, behind.checked() if behind else None)


def _unclosed(name: Name, words: Sequence[Word], behind: Redirection | None) -> LineError:
    if behind:
        operator = behind.destination.operator
        message = f"{operator.text} comes behind the block's )"
        return LineError(message, operator.start, operator.end)
    message = "this block is not closed: ) is missing"
    if words and words[-1].value.style is Style.BARE and words[-1].value.text.endswith(")"):
        message += "; the one at the end needs a blank before it"
    return Unfinished(message, name.start, name.end)


def _action(words: Sequence[Word]) -> Action:
    name = _name(words[0], "action")
    arguments, options = read_arguments(words[1:])
    if options:
        option = options[0].name
        raise LineError("an option comes behind the block's )", option.start, option.end)
    return Action(name, arguments)


def _name(word: Word, what: str) -> Name:
    if is_command_name(word):
        return Name(word.value.text, word.start, word.end)
    message = f"the name of {'an action' if what == 'action' else 'a command'} comes first"
    if word.bare:
        message = f"{shown(word.bare)} is no {what}'s name; {message}"
    elif word.value.text.startswith("[") and not word.name:
        message += "; raw JSON begins with {"
    elif word.value.text.startswith("{") and not word.name:
        message += "; raw JSON is one word: quote it for your own shell"
    raise LineError(message, word.start, word.end)
