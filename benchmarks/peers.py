"""The peers: QEMU's own clients from the package index, and programs that may be installed."""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import shutil
import subprocess
import tempfile
import venv
from pathlib import Path

#: The packages that a benchmark wanted, each with a Python that has it.
_pythons: dict[str, str | None] = {}


def python_with(package: str) -> str | None:
    """Return a Python that has ``qemu.qmp`` or ``qmp``, or ``None`` where none is to be had.

    qemu.qmp and we have a program ``qmp-shell`` both, so they get an environment of their own:
    that of ``$QEMU_QMP_PYTHON`` or ``$QMP_PYTHON``, or one that lasts as long as this process.

    Parameters:
        package: its name, with which it is imported as well.
    """
    if package not in _pythons:
        given = os.environ.get(f"{package.upper().replace('.', '_')}_PYTHON")
        python = given or _python()
        if not given:
            _said(python, "-m", "pip", "install", "-q", package)
        has_it = _said(python, "-c", f"import {package}") is not None
        _pythons[package] = python if has_it else None
    return _pythons[package]


def qemus_shell() -> str | None:
    """Return QEMU's own ``qmp-shell``."""
    python = python_with("qemu.qmp")
    return str(Path(python).parent / "qmp-shell") if python else None


def libvirts_machine() -> str | None:
    """Return the name of a machine that libvirt runs, to which ``virsh`` can talk."""
    return next(iter((_said("virsh", "-q", "list", "--name") or "").split()), None)


def versions() -> list[tuple[str, str]]:
    """Return the peers with their versions, those that were wanted and are missing as well."""
    programs = {
        "QEMU": ("qemu-system-x86_64", "--version"),
        "jq": ("jq", "--version"),
        "socat": ("socat", "-V"),
    }
    found = [(name, _version(_said(*command))) for name, command in programs.items()]
    for package, python in _pythons.items():
        code = f"import importlib.metadata as m; print(m.version({json.dumps(package)}))"
        found.append((package, _version(_said(python, "-c", code) if python else None)))
    virsh = "missing: no machine of libvirt's runs here"
    if libvirts_machine():
        virsh = _version(_said("virsh", "--version"))
    return [*found, ("virsh", virsh)]


def _version(said: str | None) -> str:
    """Return the line that has a version in it."""
    lines = (said or "").splitlines()
    return next((line for line in lines if any(map(str.isdigit, line))), "missing")


@functools.cache
def _python() -> str:
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    return f"{folder}/bin/python"


def _said(*command: str) -> str | None:
    """Run a program; return what it writes, or ``None`` if it fails or there is none."""
    with contextlib.suppress(OSError):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done.stdout
    return None
