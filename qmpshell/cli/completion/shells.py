"""click's mechanism of completion, for our programs and with our scripts."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from click.shell_completion import CompletionItem, ShellComplete

from qmpshell.cli.completion import scripts
from qmpshell.cli.completion.addresses import find_addresses
from qmpshell.cli.completion.asked import Asked
from qmpshell.cli.completion.command_line import behind_program, split_line, write_behind
from qmpshell.cli.completion.completion import Completion
from qmpshell.cli.completion.paths import any_file, find_paths
from qmpshell.cli.completion.programs import PROGRAMS, Program
from qmpshell.cli.program import complain
from qmpshell.cli.status import Status
from qmpshell.client.deadline import Deadline
from qmpshell.configuration import Configuration
from qmpshell.configuration.file import configured
from qmpshell.errors import UsageError
from qmpshell.render import escape

#: Stands for the word at the cursor, to see what click takes it for.
_ANY_WORD = "word"


class _Shell(ShellComplete):
    """A shell.

    Parameters:
        program: the program that it asks.
        variable: the variable of the environment with which it asks.
        deadline: when nothing is waited for any more.
    """

    def __init__(self, program: str, variable: str, deadline: Deadline) -> None:
        self._program: Program = PROGRAMS[program]
        super().__init__(self._program.command, {"obj": os.environ}, program, variable)
        self._deadline = deadline
        line = os.environ.get("COMP_LINE", "")
        words = split_line(line, os.environ, fish=self.name == "fish")
        self._words = behind_program(words, program) or words[-1:]

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the program's arguments, and what is typed of the one at the cursor."""
        *before, last = (word.value for word in self._words)
        return before, last

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """Return what fits and can be written at the cursor."""
        return [
            CompletionItem(found.text, help=escape(found.beside), open=found.open)
            for found in self._find(args, incomplete)
            if found.text.startswith(incomplete) and found.text == escape(found.text)
        ]

    def complete(self) -> str:
        """Return the answer: what fits, a line each."""
        return "".join(f"{line}\n" for line in super().complete().splitlines() if line)

    def _find(self, args: list[str], typed: str) -> list[Completion]:
        options = self._read([*args, _ANY_WORD])
        words = options.get("words") or ()
        configuration = _configured(options)
        asked = Asked(typed, words[:-1], options, os.environ, self._deadline, configuration)
        if words[-1:] == (_ANY_WORD,):
            options_end = "--" in args or self._program.in_command(asked)
            if options_end or not typed.startswith("-"):
                return self._program.fitting_words(asked)
        return list(self._find_options(args, typed, configuration))

    def _read(self, args: list[str]) -> dict[str, Any]:
        """Return the values of options, and the words, as click understands them."""
        context = self.cli.make_context(
            self.prog_name, args, resilient_parsing=True, **self.ctx_args
        )
        return context.params

    def _find_options(
        self, args: list[str], typed: str, configuration: Configuration
    ) -> Iterator[Completion]:
        """Find options, or what an option takes."""
        kept, value, before = "", typed, args
        if typed.startswith("-") and "=" in typed:
            name, _, value = typed.partition("=")
            kept, before = f"{name}=", [*args, name]
        if self._read([*before, _ANY_WORD]).get("address") == _ANY_WORD:
            found = find_addresses(value, os.environ, configuration.targets)
        else:
            found = []
            for item in super().get_completions(list(args), typed):
                if item.type in ("file", "dir"):
                    found += find_paths(value, any_file)
                else:
                    found.append(Completion(item.value, item.help or ""))
        for completion in found:
            yield completion._replace(text=kept + completion.text)

    def _behind(self, item: CompletionItem[Any]) -> str:
        """Return what a shell writes behind what is typed; fields that it can split."""
        last = self._words[-1]
        written = write_behind(item.value[len(last.value) :], last.quote)
        if written is None:
            return ""
        return f"{'open' if item.open else 'whole'}\t{written}"


def _configured(options: Mapping[str, Any]) -> Configuration:
    """Return what the configuration file says; of one that isn't right, nothing."""
    try:
        return configured(options.get("config"), os.environ)
    except UsageError:
        return Configuration()


class _Bash(_Shell):
    name: ClassVar[str] = "bash"
    source_template: ClassVar[str] = scripts.BASH

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """Write what bash's script reads."""
        return self._behind(item)


class _Zsh(_Shell):
    name: ClassVar[str] = "zsh"
    source_template: ClassVar[str] = scripts.ZSH

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """Write what zsh's script reads."""
        behind = self._behind(item)
        return f"{behind}\t{item.help}" if behind else ""


class _Fish(_Shell):
    name: ClassVar[str] = "fish"
    source_template: ClassVar[str] = scripts.FISH

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """Write what fish itself reads."""
        last = self._words[-1]
        text = last.text + item.value[len(last.value) :]
        return f"{text}\t{item.help}" if item.help else text


SHELLS: dict[str, type[_Shell]] = {shell.name: shell for shell in (_Bash, _Zsh, _Fish)}


def answer_shell(program: str, variable: str, instruction: str, deadline: Deadline) -> int:
    """Print what a shell asks for; return the exit status.

    Parameters:
        program: the program that it asks.
        variable: the variable of the environment with which it asks.
        instruction: its value: a shell's name and ``_complete``, or ``_source``.
        deadline: when nothing is waited for any more.
    """
    name, _, wanted = instruction.partition("_")
    if name not in SHELLS or wanted not in ("complete", "source"):
        complain(program, f"${variable} has to be bash_source, zsh_source or fish_source")
        return Status.USAGE
    shell = SHELLS[name](program, variable, deadline)
    print(shell.complete() if wanted == "complete" else shell.source(), end="")
    return Status.OK
