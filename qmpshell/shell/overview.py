"""What can be typed, on a page: what ``/help`` shows."""

from __future__ import annotations

from collections.abc import Iterable

from qmpshell.client.machines import Language
from qmpshell.render import Role, Styled
from qmpshell.render.wrap import wrap
from qmpshell.shell.session import Session

#: Longer lines are tiring to read.
_MOST_COLUMNS = 100

_QMP = "A line is a QMP command with its arguments, or JSON as QEMU's documentation shows it:"
_QMP_EXAMPLES = """
  query-status
  device_add driver=e1000 id=net1
  blockdev-add driver=file node-name=disk1 filename="my disk.img"
  {"execute": "query-version"}
  transaction( ACTION ... )
  _ --output table       the last reply again
  !ls -l                 a command of the operating system
"""

_AGENT = "A line is a command of the guest's agent with its arguments, or JSON:"
_AGENT_EXAMPLES = """
  guest-get-osinfo
  guest-file-open /etc/hostname mode=r
  {"execute": "guest-ping"}
  /run ls -l /           a program in the guest
  _ --output table       the last reply again
  !ls -l                 a command of the operating system
"""

_HMP = "A line is a command of the human monitor (HMP), as `help` and `help info` list them:"
_HMP_EXAMPLES = """
  info block
  device_add e1000,id=net1
  cpu 1                  go on with this CPU
  !ls -l                 a command of the operating system
"""

_ALWAYS = (
    "Behind it, `| command` gives the reply to a program, `> file` and `>> file` write it."
    " Tab completes, Ctrl-R searches the history, Ctrl-X Ctrl-E opens the line in your editor,"
    " Ctrl-C gives up, Ctrl-D leaves; the machine runs on. {help}."
)

_TYPED = {
    Language.QMP: (_QMP, _QMP_EXAMPLES, "/help device_add says what a command takes and returns"),
    Language.AGENT: (_AGENT, _AGENT_EXAMPLES, "/help guest-exec says what a command takes"),
    Language.HMP: (_HMP, _HMP_EXAMPLES, "`help device_add` says what a command takes"),
}


def overview(commands: Iterable[tuple[str, str]], language: Language, width: int) -> Styled:
    """Return what there is to type.

    Parameters:
        commands: how each of the shell's own is used, and what it does.
        language: what else is typed.
        width: how many columns there are for a line.
    """
    width = min(width, _MOST_COLUMNS)
    commands = list(commands)
    room = max(len(usage) for usage, _ in commands)
    typed, examples, help_ = _TYPED[language]
    styled = [
        *wrap([(Role.TEXT, typed)], width),
        (Role.TEXT, examples),
        *wrap([(Role.TEXT, _ALWAYS.format(help=help_))], width),
        (Role.TEXT, "\n"),
    ]
    for usage, summary in commands:
        styled += [(Role.TEXT, "\n"), *entry(usage, summary, room, width)]
    return styled


def spoken(session: Session) -> Language:
    """Return the language that is typed."""
    if session.options.hmp:
        return Language.HMP
    return Language.AGENT if session.server.is_agent else Language.QMP


def entry(usage: str, summary: str, room: int, width: int) -> Styled:
    """Return how a command is used, and beside it what it does.

    Parameters:
        usage, summary: that.
        room: how many columns there are for the usage.
        width: how many columns there are for a line.
    """
    before = f"{usage:{room}} "
    lines = wrap([(Role.TEXT, summary)], width, before, " " * len(before))
    return [(Role.COMMAND, before), *lines[1:]]
