"""Which events follow a command: the one table of it, as no schema says.

Taken from the commands' and events' descriptions in QEMU's manual. An event that a server
doesn't have is for the reader of the table to leave out.
"""

from __future__ import annotations

_JOB = ("JOB_STATUS_CHANGE", "BLOCK_JOB_COMPLETED", "BLOCK_JOB_CANCELLED", "BLOCK_JOB_ERROR")
_READY_JOB = ("JOB_STATUS_CHANGE", "BLOCK_JOB_READY", *_JOB[1:])

_FOLLOWING: dict[str, tuple[str, ...]] = {
    "balloon": ("BALLOON_CHANGE",),
    "block-commit": _READY_JOB,
    "block-export-del": ("BLOCK_EXPORT_DELETED",),
    "block-job-cancel": ("BLOCK_JOB_CANCELLED", "BLOCK_JOB_COMPLETED"),
    "block-job-complete": ("BLOCK_JOB_COMPLETED",),
    "block-job-dismiss": ("JOB_STATUS_CHANGE",),
    "block-job-finalize": ("BLOCK_JOB_COMPLETED",),
    "block-set-write-threshold": ("BLOCK_WRITE_THRESHOLD",),
    "block-stream": _JOB,
    "blockdev-backup": _JOB,
    "blockdev-change-medium": ("DEVICE_TRAY_MOVED",),
    "blockdev-close-tray": ("DEVICE_TRAY_MOVED",),
    "blockdev-create": ("JOB_STATUS_CHANGE",),
    "blockdev-mirror": _READY_JOB,
    "blockdev-open-tray": ("DEVICE_TRAY_MOVED",),
    "cont": ("RESUME",),
    "device_del": ("DEVICE_DELETED", "DEVICE_UNPLUG_GUEST_ERROR", "MEM_UNPLUG_ERROR"),
    "drive-backup": _JOB,
    "drive-mirror": _READY_JOB,
    "dump-guest-memory": ("DUMP_COMPLETED",),
    "eject": ("DEVICE_TRAY_MOVED",),
    "job-cancel": ("JOB_STATUS_CHANGE", "BLOCK_JOB_CANCELLED"),
    "job-complete": ("JOB_STATUS_CHANGE", "BLOCK_JOB_COMPLETED"),
    "job-dismiss": ("JOB_STATUS_CHANGE",),
    "job-finalize": ("JOB_STATUS_CHANGE",),
    "job-pause": ("JOB_STATUS_CHANGE",),
    "job-resume": ("JOB_STATUS_CHANGE",),
    "migrate": ("MIGRATION", "MIGRATION_PASS"),
    "migrate-incoming": ("MIGRATION",),
    "nbd-server-remove": ("BLOCK_EXPORT_DELETED",),
    "nbd-server-stop": ("BLOCK_EXPORT_DELETED",),
    "quit": ("SHUTDOWN",),
    "snapshot-delete": ("JOB_STATUS_CHANGE",),
    "snapshot-load": ("JOB_STATUS_CHANGE",),
    "snapshot-save": ("JOB_STATUS_CHANGE",),
    "stop": ("STOP",),
    "system_powerdown": ("POWERDOWN", "SHUTDOWN"),
    "system_reset": ("RESET",),
    "system_wakeup": ("WAKEUP",),
    "x-colo-lost-heartbeat": ("COLO_EXIT",),
}


def events_after(command: str) -> tuple[str, ...]:
    """Return the names of the events that tell what became of a command.

    Parameters:
        command: its name.
    """
    return _FOLLOWING.get(command, ())


def commands_before(event: str) -> tuple[str, ...]:
    """Return the names of the commands after which an event tells what became of them.

    Parameters:
        event: its name.
    """
    return tuple(command for command, events in _FOLLOWING.items() if event in events)
