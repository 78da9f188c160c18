"""How a job lives: it makes progress, gets ready, is finished, and goes."""

from __future__ import annotations

from typing import Any

from qmpshell.errors import CommandError
from qmpshell.simulator.machine import Job, Machine

#: Bytes in a second of a job without a limit.
FULL_SPEED = 200 * 2**20

#: Jobs that keep two images alike until they are told to end.
_STAY_READY = {"mirror", "commit"}

#: The verbs that a job takes, by its status (``JobVerbTable`` in QEMU's job.c).
_VERBS = {
    "cancel": {"created", "running", "paused", "ready", "standby", "waiting", "pending"},
    "pause": {"created", "running", "paused", "ready", "standby"},
    "resume": {"created", "running", "paused", "ready", "standby"},
    "set-speed": {"created", "running", "paused", "ready", "standby"},
    "complete": {"ready"},
    "finalize": {"pending"},
    "dismiss": {"concluded"},
}


def start(machine: Machine, job: Job) -> None:
    """Begin a job.

    Raises:
        CommandError: its id is taken, or can't be one.
    """
    if not job.id or not job.id[0].isalpha():
        raise CommandError("GenericError", f"Invalid job ID '{job.id}'")
    if job.id in machine.jobs:
        raise CommandError("GenericError", f"Job ID '{job.id}' already in use")
    machine.jobs[job.id] = job
    _report(machine, job, "created")
    try:
        check_speed(job.speed)
    except CommandError:
        dismiss(machine, job)
        raise
    _report(machine, job, "running")
    _schedule(machine, job)


def check_verb(job: Job, verb: str) -> None:
    """Refuse what can't be done to a job in its status.

    Raises:
        CommandError: in QEMU's words.
    """
    if job.status not in _VERBS[verb]:
        raise CommandError(
            "GenericError",
            f"Job '{job.id}' in state '{job.status}' cannot accept command verb '{verb}'",
        )


def check_speed(speed: int) -> None:
    """Refuse a limit that is none.

    Raises:
        CommandError: in QEMU's words.
    """
    if speed < 0:
        raise CommandError("GenericError", "Parameter 'speed' expects a non-negative value")


def pause(machine: Machine, job: Job) -> None:
    """Let a job rest."""
    if job.paused:
        raise CommandError("GenericError", "Job is already paused")
    advance(machine, job)
    job.paused = True
    machine.timetable.cancel(job.appointment)
    _report(machine, job, "standby" if job.status == "ready" else "paused")


def resume(machine: Machine, job: Job) -> None:
    """Let a resting job go on."""
    if not job.paused:
        raise CommandError("GenericError", "Can't resume a job that was not paused")
    job.paused = False
    job.since = machine.timetable.now()
    _report(machine, job, "ready" if job.status == "standby" else "running")
    _schedule(machine, job)


def set_speed(machine: Machine, job: Job, speed: int) -> None:
    """Limit a job to so many bytes a second; 0 is no limit."""
    check_speed(speed)
    advance(machine, job)
    job.speed = speed
    _schedule(machine, job)


def complete(machine: Machine, job: Job) -> None:
    """End a job that is ready."""
    machine.timetable.later(0, lambda: _wind_up(machine, job))


def cancel(machine: Machine, job: Job) -> None:
    """End a job before it is done."""
    advance(machine, job)
    machine.timetable.cancel(job.appointment)
    machine.timetable.later(0, lambda: fail(machine, job, "Operation canceled"))


def finalize(machine: Machine, job: Job) -> None:
    """Let a pending job do its last step."""
    _use_result(machine, job)
    if job.type != "create":
        machine.emit("BLOCK_JOB_COMPLETED", _block_data(job))
    _conclude(machine, job)


def dismiss(machine: Machine, job: Job) -> None:
    """Forget a job that has ended."""
    machine.jobs.pop(job.id, None)
    _report(machine, job, "null")


def advance(machine: Machine, job: Job) -> None:
    """Bring a job's progress up to date."""
    now = machine.timetable.now()
    if job.status == "running":
        done = int((now - job.since) * (job.speed or FULL_SPEED))
        job.offset = min(job.length, job.offset + done)
    job.since = now


def describe(job: Job) -> dict[str, Any]:
    """Return a job as ``query-jobs`` tells it."""
    told: dict[str, Any] = {
        "current-progress": job.offset,
        "status": job.status,
        "total-progress": job.length,
        "type": job.type,
        "id": job.id,
    }
    return told if job.error is None else {**told, "error": job.error}


def _schedule(machine: Machine, job: Job) -> None:
    """Look at the job again when it has nothing left to copy."""
    machine.timetable.cancel(job.appointment)
    if job.status == "running":
        left = (job.length - job.offset) / (job.speed or FULL_SPEED)
        job.appointment = machine.timetable.later(left, lambda: _all_done(machine, job))


def _all_done(machine: Machine, job: Job) -> None:
    job.offset = job.length
    if job.type in _STAY_READY:
        _report(machine, job, "ready")
        machine.emit("BLOCK_JOB_READY", _block_data(job))
    else:
        _wind_up(machine, job)


def _wind_up(machine: Machine, job: Job) -> None:
    if job.id not in machine.jobs:
        return
    _report(machine, job, "waiting")
    _report(machine, job, "pending")
    if not job.auto_finalize:
        machine.emit("BLOCK_JOB_PENDING", {"type": job.type, "id": job.id})
        return
    finalize(machine, job)


def fail(machine: Machine, job: Job, error: str) -> None:
    """End a job that can't be done.

    Parameters:
        machine: on which machine.
        job: the job.
        error: why, for a person.
    """
    if job.id not in machine.jobs:
        return
    machine.timetable.cancel(job.appointment)
    job.error = error
    _report(machine, job, "aborting")
    if job.type != "create":
        machine.emit("BLOCK_JOB_CANCELLED", _block_data(job))
    _conclude(machine, job)


def _conclude(machine: Machine, job: Job) -> None:
    _report(machine, job, "concluded")
    if job.auto_dismiss:
        dismiss(machine, job)


def _use_result(machine: Machine, job: Job) -> None:
    """Let the devices use what the job made, where it was there to do that."""
    if job.type == "stream":
        machine.nodes[job.source].backing = None
    if job.type not in _STAY_READY or not job.pivots or job.target is None:
        return
    for device in machine.devices.values():
        if device.properties.get("drive") == job.source:
            device.properties["drive"] = job.target


def _report(machine: Machine, job: Job, status: str) -> None:
    job.status = status
    machine.emit("JOB_STATUS_CHANGE", {"status": status, "id": job.id})


def _block_data(job: Job) -> dict[str, Any]:
    return {
        "device": job.id,
        "len": job.length,
        "offset": job.offset,
        "speed": job.speed,
        "type": job.type,
    }
