"""The end of a program: all that is registered for it is done, and nothing else."""

import sys

from tests.cli.programs import run

SCRIPT = """
import atexit, sys, weakref
from qmpshell.cli.ending import QuickEnd

class Object:
    def __del__(self):
        print("taken apart")

end = QuickEnd()
kept, watched = Object(), type("Watched", (), {})()
atexit.register(print, "registered")
weakref.finalize(watched, print, "finalized")
sys.stdout.write("written, ")
"""


def test_what_is_registered_is_done_and_what_is_written_is_flushed() -> None:
    outcome = run(sys.executable, "-c", f"{SCRIPT}end.status = 7")
    assert (outcome.status, outcome.err) == (7, "")
    assert outcome.out == "written, finalized\nregistered\n"


def test_without_a_status_the_end_is_pythons_own() -> None:
    outcome = run(sys.executable, "-c", f"{SCRIPT}sys.exit(3)")
    assert outcome.status == 3
    assert outcome.out.endswith("taken apart\n")


def test_closed_streams_are_no_trouble() -> None:
    script = "import os, sys; from qmpshell.cli import qmp_shell; sys.argv[1:] = ['--version']"
    close = 'exec >&- 2>&-; exec "$0" -c "$1; qmp_shell()"'
    assert run("bash", "-c", close, sys.executable, script).status == 0
