"""Commands that are given up before they are answered."""

import re
import sys
from collections.abc import Callable
from contextlib import closing

import pytest

import qmpshell
from qmpshell.errors import TimedOut
from qmpshell.shell.options import ShellOptions
from qmpshell.shell.printer import Printer
from qmpshell.shell.qmp_mode import QMPMode
from qmpshell.shell.session import Session
from qmpshell.simulator import Faults, Simulator


@pytest.mark.parametrize("wait", ["", " --wait"])
def test_their_end_is_told(
    simulate: Callable[..., Simulator],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    wait: str,
) -> None:
    monkeypatch.setattr("qmpshell.shell.overdue.LONG_SECONDS", 0)
    simulator = simulate(faults=Faults(held=frozenset({"system_reset"})))
    printer = Printer(sys.stdout, None)
    options = ShellOptions(yes=True)
    with closing(Session(lambda: qmpshell.connect(simulator.path), printer, options)) as session:
        session.connection.begin()
        with pytest.raises(TimedOut, match="it may still be running"):
            QMPMode(session).run(f"system_reset{wait} --timeout 0.1")
        assert session.overdue.first
        simulator.wait_for("system_reset")
        simulator.release()
        session.request({"execute": "query-name"}, timeout=30)
        assert session.overdue.first is None
    said = capsys.readouterr().out
    assert re.search(r"system_reset, given up, has ended after \d+ s: it succeeded\n", said)
