"""What can be typed, on a page: what ``/help`` shows."""

from __future__ import annotations

from collections.abc import Iterable

from qmpshell.render import Role, Styled

_QEMU = """
A line is a QMP command with its arguments, or JSON as QEMU's documentation shows it:
  query-status                                  device_add driver=e1000 id=net1
  blockdev-add driver=qcow2 node-name=disk1 file.driver=file file.filename="my disk.qcow2"
  {"execute": "query-version"}                  transaction( ACTION ... )
  _ --output table   (the last reply again)     !ls -l   (a command of the operating system)"""

_AGENT = """
A line is a command of the guest's agent with its arguments, or JSON:
  guest-get-osinfo                              guest-file-open /etc/hostname mode=r
  {"execute": "guest-ping"}                     /run ls -l /   (a program in the guest)
  _ --output table   (the last reply again)     !ls -l   (a command of the operating system)"""

_ALWAYS = """
Behind it, `| command` gives the reply to a program, `> file` and `>> file` write it.
Tab completes, Ctrl-R searches the history, Ctrl-X Ctrl-E opens the line in your editor,
Ctrl-C gives up, Ctrl-D leaves; the machine runs on. /help {example} says what a command
takes, returns and does."""


def overview(commands: Iterable[tuple[str, str]], *, to_agent: bool) -> Styled:
    """Return what there is to type.

    Parameters:
        commands: how each of the shell's own is used, and what it does.
        to_agent: whether it is a guest's agent that is typed to.
    """
    commands = list(commands)
    room = max(len(usage) for usage, _ in commands)
    styled: Styled = []
    for usage, summary in commands:
        styled += [(Role.COMMAND, f"{usage:{room}}"), (Role.TEXT, f" {summary}\n")]
    typed = _AGENT if to_agent else _QEMU
    example = "guest-exec" if to_agent else "device_add"
    return [*styled, (Role.TEXT, typed + _ALWAYS.format(example=example))]
