"""Commands about jobs, by either of their two families of names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qmpshell.errors import CommandError
from qmpshell.simulator import jobs
from qmpshell.simulator.commands.table import HANDLERS, command
from qmpshell.simulator.machine import Job, Machine

Action = Callable[[Machine, Job], None]


@command("query-jobs")
def _query_jobs(machine: Machine, _arguments: dict[str, Any]) -> Any:
    for job in machine.jobs.values():
        jobs.advance(machine, job)
    return [jobs.describe(job) for job in machine.jobs.values()]


@command("query-block-jobs")
def _query_block_jobs(machine: Machine, _arguments: dict[str, Any]) -> Any:
    for job in machine.jobs.values():
        jobs.advance(machine, job)
    return [_describe(job) for job in machine.jobs.values() if job.type != "create"]


def _describe(job: Job) -> dict[str, Any]:
    return {
        "auto-finalize": job.auto_finalize,
        "auto-dismiss": job.auto_dismiss,
        "io-status": "ok",
        "device": job.id,
        "busy": False,
        "len": job.length,
        "offset": job.offset,
        "status": job.status,
        "paused": job.paused,
        "speed": job.speed,
        "ready": job.status in ("ready", "standby"),
        "type": job.type,
    } | ({} if job.error is None else {"error": job.error})


def _enter(verb: str, action: Action) -> None:
    """Enter a verb's two commands: ``job-VERB id=…`` and ``block-job-VERB device=…``."""

    def by_id(machine: Machine, arguments: dict[str, Any]) -> None:
        job = machine.jobs.get(arguments["id"])
        if job is None:
            raise CommandError("GenericError", "Job not found")
        jobs.check_verb(job, verb)
        action(machine, job)

    def by_device(machine: Machine, arguments: dict[str, Any]) -> None:
        # Two of the block-job commands came late, and call it an id.
        name = arguments["device"] if "device" in arguments else arguments["id"]
        job = _find_block_job(machine, name)
        jobs.check_verb(job, verb)
        if verb == "cancel" and job.status == "ready" and not arguments.get("force"):
            # Stopping two images that are alike is no failure.
            job.pivots = False
            jobs.complete(machine, job)
        else:
            action(machine, job)

    HANDLERS[f"job-{verb}"] = by_id
    HANDLERS[f"block-job-{verb}"] = by_device


def _find_block_job(machine: Machine, name: str) -> Job:
    job = machine.jobs.get(name)
    if job is None or job.type == "create":
        raise CommandError("DeviceNotActive", f"Block job '{name}' not found")
    return job


@command("block-job-set-speed")
def _block_job_set_speed(machine: Machine, arguments: dict[str, Any]) -> None:
    job = _find_block_job(machine, arguments["device"])
    jobs.check_verb(job, "set-speed")
    jobs.set_speed(machine, job, arguments["speed"])


for _verb, _action in (
    ("cancel", jobs.cancel),
    ("pause", jobs.pause),
    ("resume", jobs.resume),
    ("complete", jobs.complete),
    ("finalize", jobs.finalize),
    ("dismiss", jobs.dismiss),
):
    _enter(_verb, _action)
