"""Requests → replies: what QEMU checks before it does a command, and the doing."""

from __future__ import annotations

import functools
from typing import Any

from qmpshell.errors import CommandError
from qmpshell.simulator import recorded
from qmpshell.simulator.checker import Checker
from qmpshell.simulator.commands import perform
from qmpshell.simulator.conversation import Conversation, Refusal
from qmpshell.simulator.faults import Faults
from qmpshell.simulator.machine import Machine
from qmpshell.simulator.requests import Request


def answer(
    said: Request | Refusal, conversation: Conversation, machine: Machine, faults: Faults
) -> dict[str, Any]:
    """Do what a client said, and return the reply.

    Parameters:
        said: the request, or what was none.
        conversation: whose it is.
        machine: on which machine.
        faults: what the test wants.
    """
    id_ = {"id": said.members["id"]} if "id" in said.members else {}
    try:
        if isinstance(said, Refusal):
            raise said.error
        return {"return": _execute(said, conversation, machine, faults), **id_}
    except CommandError as error:
        return {**id_, "error": {"class": error.error_class, "desc": error.desc}}


def _execute(request: Request, conversation: Conversation, machine: Machine, faults: Faults) -> Any:
    name = request.command
    if name == "qmp_capabilities" and not request.out_of_band:
        return _negotiate(request, conversation, machine, faults)
    if not conversation.negotiated:
        raise CommandError(
            "CommandNotFound", "Expecting capabilities negotiation with 'qmp_capabilities'"
        )
    command = _checker().command(name)
    if command is None:
        if name not in faults.values and name not in faults.errors:
            raise CommandError("CommandNotFound", f"The command {name} has not been found")
    elif request.out_of_band and not command.get("allow-oob"):
        raise CommandError("GenericError", f"The command {name} does not support OOB")
    else:
        _checker().check_arguments(name, request.arguments)
    if name in faults.errors:
        raise CommandError(*faults.errors[name])
    if name in faults.values:
        value = faults.values[name]
        return value(request.arguments) if callable(value) else value
    machine.picture = faults.picture
    value = perform(machine, name, request.arguments)
    if name == "query-commands":
        value = value + [{"name": extra} for extra in faults.extra_commands]
    return value


def _negotiate(
    request: Request, conversation: Conversation, machine: Machine, faults: Faults
) -> dict[str, Any]:
    _checker().check_arguments("qmp_capabilities", request.arguments)
    if conversation.negotiated:
        raise CommandError(
            "CommandNotFound", "Capabilities negotiation is already complete, command ignored"
        )
    if faults.negotiation_error is not None:
        raise CommandError("GenericError", faults.negotiation_error)
    wanted = request.arguments.get("enable", [])
    for capability in wanted:
        if capability not in machine.greeting["QMP"]["capabilities"]:
            raise CommandError("GenericError", "This capability is not available")
    conversation.negotiated = True
    conversation.oob_enabled = "oob" in wanted
    return {}


@functools.cache
def _checker() -> Checker:
    return Checker(recorded.schema())
