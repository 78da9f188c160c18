"""The prompt as it is configured, and ``/config``."""

from pathlib import Path

import pytest

from qmpshell.configuration.keys import KEYS
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

WEB1 = "web1 prelaunch>"

TEXT = """\
output = "table"
history = ""

[targets]
web1 = "{socket}"

[colors]
dark = "monokai"

[events]
except = ["RESET"]

[guard]
ask = ["stop", "balloon"]
dont-ask = ["system_reset"]
"""

#: Strings in monokai, in 256 colours.
MONOKAIS_STRING = b"\x1b[38;5;186m"


@pytest.fixture
def file(home: Path, qemu: RealQEMU) -> Path:
    path = home / ".config" / "qmpshell" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(TEXT.format(socket=qemu.socket))
    return path


def test_a_prompt_is_as_it_is_configured(file: Path, home: Path) -> None:
    with Terminal(["qmp-shell", "web1"]) as terminal:
        terminal.wait_for_last_line(WEB1)
        assert terminal.run("query-name", WEB1) == ["name  web1"]
        assert terminal.run("query-name --output pretty", WEB1) == ['{"name": "web1"}']
        assert MONOKAIS_STRING in terminal.raw
        terminal.type("stop\r")
        terminal.wait_for("stop goes to web1, which is prelaunch: really? [y/N]")
        assert terminal.press("n\r", WEB1) == ["not sent"]
        terminal.type("/hmp balloon 32\r")
        terminal.wait_for("balloon goes to web1, which is prelaunch: really? [y/N]")
        terminal.press("n\r", WEB1)
        terminal.run("system_reset", WEB1)
        terminal.wait(lambda: "1 event hidden" in terminal.bottom_line)
        assert terminal.run("/events", WEB1)[-1].startswith("all but RESET are shown, 1 hidden")
        terminal.type("\x04")
        assert terminal.wait_until_ended() == 0
    assert not (home / ".local").exists()


def test_options_win(file: Path) -> None:
    options = ("--output", "json", "--color", "never", "--yes", "--vi")
    with Terminal(["qmp-shell", *options, "web1"]) as terminal:
        terminal.wait_for_last_line(WEB1)
        assert terminal.run("query-name", WEB1) == ['{"name": "web1"}']
        assert b"\x1b[38;5" not in terminal.raw
        assert terminal.run("/config output", WEB1)[:2] == [
            str(file),
            'output = "json"  (--output)',
        ]
        assert 'editing-mode = "vi"  (--vi)' in terminal.run("/config editing-mode", WEB1)
        assert 'color = "never"  (--color)' in terminal.run("/config color", WEB1)


def test_vis_keys(file: Path) -> None:
    file.write_text('editing-mode = "vi"\n' + file.read_text())
    with Terminal(["qmp-shell", "web1"]) as terminal:
        terminal.wait_for_last_line(WEB1)
        terminal.type("xquery-name")
        terminal.wait_for_last_line(f"{WEB1} xquery-name")
        terminal.type("\x1b0x")
        terminal.wait_for_last_line(f"{WEB1} query-name")
    with Terminal(["qmp-shell", "--emacs", "web1"]) as terminal:
        terminal.wait_for_last_line(WEB1)
        assert 'editing-mode = "emacs"  (--emacs)' in terminal.run("/config editing-mode", WEB1)


def test_every_key_is_shown_with_its_value_and_where_that_is_from(file: Path) -> None:
    with Terminal(["qmp-shell", "web1"], env={"NO_COLOR": "1"}, columns=200) as terminal:
        terminal.wait_for_last_line(WEB1)
        path, *lines = terminal.run("/config", WEB1)
        assert path == str(file)
        for line in (
            'guard.ask = ["stop", "balloon"]  (file, line 14)',
            'color = "never"  ($NO_COLOR)',
            "timing = false  (default)",
        ):
            assert line in lines
        for key in KEYS:
            assert any(line.startswith(key.name) for line in lines)
            shown = terminal.run(f"/config {key.name}", WEB1)
            assert f"{key.type.name}: {key.meaning}" in " ".join(map(str.strip, shown))
        wrong = terminal.run("/config guard.aks", WEB1)
        assert wrong[0].strip() == "^^^^^^^^^ there is no such key; nearest: guard.ask"
        table = [
            line.split(" = ")[0] for line in terminal.run("/config guard", WEB1) if " = " in line
        ]
        assert table == ["guard.ask", "guard.dont-ask"]
        terminal.type("/config timi\t")
        terminal.wait(lambda: f"{WEB1} /config timing" in terminal.lines)


def test_a_file_that_isnt_there_is_named(home: Path, qemu: RealQEMU) -> None:
    with Terminal(["qmp-shell", qemu.socket], columns=200) as terminal:
        terminal.wait_for_last_line(WEB1)
        path = f"{home}/.config/qmpshell/config.toml"
        assert terminal.run("/config", WEB1)[0] == f"{path} (there is no such file)"
    with Terminal(["qmp-shell", "--config", "", qemu.sockets[1]]) as terminal:
        terminal.wait_for_last_line(WEB1)
        assert terminal.run("/config timing", WEB1)[0] == "no configuration file is read"
