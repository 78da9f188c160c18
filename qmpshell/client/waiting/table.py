"""Which command ends with what: the one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from qmpshell.client.waiting.devices import DeviceEnding
from qmpshell.client.waiting.dump import DumpEnding
from qmpshell.client.waiting.ending import Ending
from qmpshell.client.waiting.job import Aim
from qmpshell.client.waiting.jobs import JobsEnding, job_actions
from qmpshell.client.waiting.migration import MigrationEnding
from qmpshell.client.waiting.run_state import ResetEnding, RunningEnding, ShutdownEnding
from qmpshell.errors import RequestError

Arguments = Mapping[str, Any]

#: These jobs stay when they have ended, whatever they were told, and keep their id from
#: being used again. Whoever waits has got their outcome, so that nobody needs them.
_OWN = Aim(dismissed=True)
_BEGIN = Aim(ready=True, pending=True)
_COMPLETE = Aim(pending=True)
_CANCEL = Aim(pending=True, cancelled=True)
_FINALIZE = Aim()


def _begun(arguments: Arguments) -> Ending:
    if "job-id" in arguments:
        return JobsEnding([str(arguments["job-id"])], _BEGIN)
    return JobsEnding([], _BEGIN, [str(arguments.get("device"))])


def _own(arguments: Arguments) -> Ending:
    return JobsEnding([str(arguments.get("job-id"))], _OWN)


def _job(argument: str, aim: Aim) -> Callable[[Arguments], Ending]:
    return lambda arguments: JobsEnding([str(arguments.get(argument))], aim)


def _transaction(arguments: Arguments) -> Ending:
    actions = job_actions(arguments)
    if not actions:
        raise RequestError("transaction: none of its actions begins a job that could be waited for")
    ids = [str(action["job-id"]) for action in actions if "job-id" in action]
    unnamed = [str(action.get("device")) for action in actions if "job-id" not in action]
    return JobsEnding(ids, _BEGIN, unnamed)


ENDINGS: Mapping[str, Callable[[Arguments], Ending]] = {
    "block-commit": _begun,
    "block-job-cancel": _job("device", _CANCEL),
    "block-job-complete": _job("device", _COMPLETE),
    "block-job-finalize": _job("id", _FINALIZE),
    "block-stream": _begun,
    "blockdev-backup": _begun,
    "blockdev-create": _own,
    "blockdev-mirror": _begun,
    "cont": lambda _: RunningEnding("RESUME", running=True),
    "device_del": lambda arguments: DeviceEnding(str(arguments.get("id"))),
    "drive-backup": _begun,
    "drive-mirror": _begun,
    "dump-guest-memory": lambda arguments: DumpEnding(detached=bool(arguments.get("detach"))),
    "job-cancel": _job("id", _CANCEL),
    "job-complete": _job("id", _COMPLETE),
    "job-finalize": _job("id", _FINALIZE),
    "migrate": lambda _: MigrationEnding(),
    "migrate-continue": lambda _: MigrationEnding(switched=True),
    "migrate-incoming": lambda _: MigrationEnding(),
    "migrate_cancel": lambda _: MigrationEnding(cancelled=True),
    "quit": lambda _: ShutdownEnding(silently=True),
    "snapshot-delete": _own,
    "snapshot-load": _own,
    "snapshot-save": _own,
    "stop": lambda _: RunningEnding("STOP", running=False),
    "system_powerdown": lambda _: ShutdownEnding(silently=False),
    "system_reset": lambda _: ResetEnding(),
    "transaction": _transaction,
    "x-blockdev-amend": _own,
}


def ending_of(members: Mapping[str, Any]) -> Ending:
    """Return what ends a command.

    Parameters:
        members: the request. Arguments that the server will refuse do no harm.

    Raises:
        RequestError: nothing is known that ends it.
    """
    name = members.get("execute")
    arguments = members.get("arguments", {})
    if not isinstance(name, str) or name not in ENDINGS:
        raise RequestError(f"{name} can't be waited for; what can be: {', '.join(ENDINGS)}")
    return ENDINGS[name](arguments if isinstance(arguments, dict) else {})
