"""The tests' properties of any text, bytes, schema or size, with far more examples."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

from tests.fuzz.tally import Tally

_TESTS = Path(__file__).parents[1]


def look(tally: Tally, seed: int) -> None:
    """Run the files that have such properties, one after the other, again and again."""
    files = [path for path in sorted(_TESTS.rglob("test_*.py")) if _has_properties(path)]
    while not tally.over:
        for path in files:
            if tally.over:
                return
            tally.attempt(f"{path}, seed {seed}", partial(_run, path, seed, tally.seconds_left))
        seed += 1


def _has_properties(path: Path) -> bool:
    return "from hypothesis import" in path.read_text()


def _run(path: Path, seed: int, seconds: float) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-m", "hypothesis", "--timeout=0"]
    command += [f"--hypothesis-seed={seed}", str(path)]
    try:
        done = subprocess.run(
            command,
            env={**os.environ, "QMPSHELL_TEST_PROFILE": "fuzz"},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return
    assert done.returncode == 0, done.stdout
