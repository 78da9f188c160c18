"""Tries which device types a QEMU survives being asked about, on throw-away machines.

``device-list-properties`` makes an instance of the type, and some types end the whole
process. The names of those that answered, on every machine tried, are the list from which
the shell asks a living machine. Those that come from a loadable module are left out: where
their distribution's package is installed in part, QEMU exits (seen: virtio-gpu-gl-pci).

    python scripts/try_types.py pc q35 > qmpshell/client/names/harmless-types.txt
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

QEMU = "qemu-system-x86_64"

#: How many types share a QEMU, as long as it survives them all.
BATCH = 16

#: How long one QEMU may take, in seconds.
PATIENCE = 30.0

#: Where QEMU's modules are on Debian and on Fedora.
MODULES = ("/usr/lib/*/qemu/hw-*.so", "/usr/lib64/qemu/hw-*.so", "/usr/lib64/qemu-kvm/hw-*.so")


def ask(machine: str, requests: list[dict[str, Any]]) -> tuple[list[Any], bool]:
    """Return a QEMU's answers, and whether it lived until it was told to quit."""
    command = [QEMU, "-machine", machine, "-nodefaults", "-display", "none", "-S", "-qmp", "stdio"]
    answers: list[Any] = []
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            for request in ({"execute": "qmp_capabilities"}, *requests, {"execute": "quit"}):
                answers.append(converse(process, request))
            status = process.wait(PATIENCE)
        except (BrokenPipeError, EOFError):
            return [], False
        finally:
            process.kill()
    return answers[1:-1], status == 0


def converse(process: subprocess.Popen[str], request: dict[str, Any]) -> dict[str, Any]:
    """Send one request and return its answer.

    Raises:
        EOFError, BrokenPipeError: QEMU has ended.
    """
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(request))
    process.stdin.flush()
    while line := process.stdout.readline():
        message: dict[str, Any] = json.loads(line)
        if "return" in message or "error" in message:
            return message
    raise EOFError


def harmless(machine: str, types: list[str]) -> set[str]:
    """Return those of some types that a machine survives being asked about, and answers."""
    requests = [
        {"execute": "device-list-properties", "arguments": {"typename": name}} for name in types
    ]
    answers, alive = ask(machine, requests)
    if alive:
        return {name for name, answer in zip(types, answers, strict=True) if "return" in answer}
    if len(types) == 1:
        print(f"{machine} doesn't survive {types[0]}", file=sys.stderr)
        return set()
    half = len(types) // 2
    return harmless(machine, types[:half]) | harmless(machine, types[half:])


def device_types(machine: str) -> list[str]:
    """Return the device types that there are."""
    request = {"execute": "qom-list-types", "arguments": {"implements": "device"}}
    answers, _ = ask(machine, [request])
    return sorted(found["name"] for found in answers[0]["return"])


def modular(types: set[str]) -> set[str]:
    """Return those of some types that a loadable module has."""
    found = [path for pattern in MODULES for path in Path("/").glob(pattern[1:])]
    content = b"".join(path.read_bytes() for path in found)
    return {name for name in types if name.encode() + b"\0" in content}


def main(machines: list[str]) -> None:
    """Try all types on some machines, and print the list."""
    survived: set[str] | None = None
    for machine in machines:
        types = device_types(machine)
        batches = [types[start : start + BATCH] for start in range(0, len(types), BATCH)]
        found = set().union(*(harmless(machine, batch) for batch in batches))
        survived = found if survived is None else survived & found
        print(f"{machine}: {len(found)} of {len(types)}", file=sys.stderr)
    version = subprocess.run([QEMU, "--version"], capture_output=True, text=True, check=True)
    print("# Types that QEMU survives being asked about; made by scripts/try_types.py.")
    print(f"# {version.stdout.splitlines()[0]}, machines: {' '.join(machines)}")
    print("\n".join(sorted((survived or set()) - modular(survived or set()))))


if __name__ == "__main__":
    main(sys.argv[1:] or ["pc", "q35"])
