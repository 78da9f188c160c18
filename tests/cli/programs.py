"""Runs the programs as a script would: without a terminal."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str


def run(*command: str, lines: str = "", env: Mapping[str, str] | None = None) -> Outcome:
    done = subprocess.run(
        command, input=lines, capture_output=True, text=True, timeout=60, env=env, check=False
    )
    return Outcome(done.returncode, done.stdout, done.stderr)
