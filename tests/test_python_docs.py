"""docs/python.md: every program runs against a real QEMU and prints what stands below it."""

import contextlib
import io
import os
import re
from pathlib import Path

import pytest

import qmpshell
from tests.agents import RealAgent
from tests.real_qemu import RealQEMU

PAGE = (Path(__file__).parents[1] / "docs" / "python.md").read_text()
PROGRAM = re.compile(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```", re.DOTALL | re.MULTILINE)


@pytest.fixture
def _web1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path) -> object:
    with RealQEMU(tmp_path, "-usb") as qemu, RealAgent(tmp_path) as agent:
        os.symlink(qemu.socket, tmp_path / "web1.sock")
        os.symlink(agent.path, tmp_path / "web1-agent.sock")
        monkeypatch.chdir(tmp_path)
        yield


@pytest.mark.usefixtures("_web1")
def test_the_programs_print_what_stands_below_them() -> None:
    programs = PROGRAM.findall(PAGE)
    assert len(programs) == PAGE.count("```python") > 5
    for program, printed in programs:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(program, {})
        assert out.getvalue() == printed, program


def test_every_exception_is_named() -> None:
    for name in qmpshell.__all__:
        thing = getattr(qmpshell, name)
        if isinstance(thing, type) and issubclass(thing, qmpshell.Error):
            assert f"`{name}`" in PAGE or f"`qmpshell.{name}`" in PAGE, name
