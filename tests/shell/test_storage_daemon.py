"""qemu-storage-daemon, which has no machine, at the prompt and without one."""

from pathlib import Path

import pytest

from tests.cli.programs import run
from tests.real_storage_daemon import RealStorageDaemon
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

PROMPT = "QEMU>"


@pytest.fixture
def image(tmp_path: Path) -> str:
    path = tmp_path / "image"
    path.write_bytes(bytes(2**20))
    return str(path)


def test_at_the_prompt(tmp_path: Path, image: str) -> None:
    with RealStorageDaemon(tmp_path) as daemon, Terminal(["qmp-shell", daemon.socket]) as terminal:
        terminal.wait_for_last_line(PROMPT)
        assert terminal.run(f"blockdev-add driver=file node-name=disk filename={image}", PROMPT)
        assert terminal.run('query-named-block-nodes --select "[].\\"node-name\\""', PROMPT) == [
            '["disk"]'
        ]
        (said,) = terminal.run("query-status", PROMPT)
        assert "no such command" in said
        terminal.type("blockdev-del ")
        terminal.wait(lambda: "node-name=STRING" in terminal.bottom_line)
        terminal.type("di")
        terminal.wait(lambda: terminal.lines[-1].split() == ["disk", "file"])
        assert terminal.press("\t\r", PROMPT) == ["{}"]
        new = f"driver=file filename={tmp_path}/new size=1M"
        options = " ".join(f"options.{option}" for option in new.split())
        assert terminal.run(f"blockdev-create job-id=new {options} --wait", PROMPT)[-1] == "{}"
        assert terminal.run("query-jobs", PROMPT) == ["[]"]
        (said,) = terminal.run("/screen", PROMPT)
        assert said.endswith("/screen needs screendump, which this server doesn't have")
        helped = terminal.run("/help | cat", PROMPT)
        assert any(line.startswith("/jobs") for line in helped)
        assert not any(line.startswith(("/hmp", "/keys", "/screen", "/type")) for line in helped)


def test_in_a_script(tmp_path: Path, image: str) -> None:
    lines = f"blockdev-add driver=file node-name=d filename={image}\nquery-block-exports\n"
    with RealStorageDaemon(tmp_path) as daemon:
        outcome = run("qmp-shell", daemon.socket, lines=lines)
        assert (outcome.status, outcome.out, outcome.err) == (0, "{}\n[]\n", "")
        outcome = run("qmp-shell", daemon.socket, "query-status")
        assert (outcome.status, outcome.out) == (2, "")
        assert "no such command" in outcome.err
        outcome = run("qmp-shell", daemon.socket, "quit")
        assert (outcome.status, outcome.out) == (0, "{}\n")
