"""The line in an editor: a file of its own, and back to the prompt."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import qmpshell
from qmpshell.errors import FileError, UsageError
from qmpshell.shell.editor import edit
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

PROMPT = "web1 prelaunch>"
OPEN = "\x18\x05"


@pytest.fixture
def editor(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """Make an editor of what a shell is to do with the file ``$1``; return an environment."""

    def make(script: str) -> dict[str, str]:
        program = tmp_path / "my editor"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o700)
        folder = tmp_path / "tmp"
        folder.mkdir(exist_ok=True)
        return {**os.environ, "EDITOR": f"'{program}'", "VISUAL": "", "TMPDIR": str(folder)}

    return make


@pytest.fixture(autouse=True)
def _places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


Editor = Callable[[str], dict[str, str]]


def left_behind(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("qmp-shell-*")]


@pytest.mark.parametrize(
    ("text", "script", "edited"),
    [
        ("a line", "true", "a line"),
        ("", 'printf %s x > "$1"', "x"),
        ("a", 'echo b >> "$1"', "a\nb"),
        ("{\n}", 'sed -i s/}/]/ "$1"', "{\n]"),
        ("a", "printf 'a\\r\\nb\\r\\n\\n\\n' > \"$1\"", "a\nb"),
        ("ü\ud800", "true", "ü\ud800"),
        ("a", ': > "$1"', ""),
    ],
)
def test_what_is_saved_comes_back(editor: Editor, text: str, script: str, edited: str) -> None:
    assert edit(text, editor(script)) == edited


def test_the_file_is_private_and_gone_afterwards(editor: Editor, tmp_path: Path) -> None:
    script = 'cp "$1" "$1~"; stat -c "%a %n" "$1" "$(dirname "$1")" > "$1"; basename "$1" >> "$1"'
    of_file, of_folder, name = edit("secret", editor(script)).splitlines()
    assert of_file.split()[0] == "600"
    assert of_folder.split()[0] == "700"
    assert name == "line.qmp"
    assert not left_behind(tmp_path)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ('echo b > "$1"; exit 3', "my editor ended with status 3; the line is as it was"),
        ('rm "$1"', "the line can't be edited: No such file or directory"),
        ("printf '\\377' > \"$1\"", "what was saved is no UTF-8; the line is as it was"),
    ],
)
def test_an_editor_that_fails(editor: Editor, tmp_path: Path, script: str, reason: str) -> None:
    with pytest.raises(FileError) as caught:
        edit("secret", editor(script))
    assert str(caught.value).endswith(reason)
    assert not left_behind(tmp_path)


@pytest.mark.parametrize(
    ("env", "reason"),
    [
        ({"EDITOR": "no-such-editor"}, "no-such-editor can't be run: No such file or directory"),
        ({"VISUAL": "vi '"}, "$VISUAL can't be understood: a quote in it is not closed"),
        ({"VISUAL": " ", "PATH": "/nowhere"}, "there is no editor; set $VISUAL or $EDITOR to one"),
    ],
)
def test_without_an_editor(env: dict[str, str], reason: str) -> None:
    with pytest.raises(UsageError) as caught:
        edit("x", env)
    assert str(caught.value) == reason


def test_the_usual_editor_and_the_preferred_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("nano", "mine"):
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\necho {name} "$@" > "$(eval echo \\$$#)"\n')
        program.chmod(0o700)
    if not shutil.which("editor"):
        # Debian's sensible-editor, if it is there, looks for one as well.
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        monkeypatch.setenv("TERM", "dumb")
        assert edit("x", {"PATH": os.environ["PATH"]}).startswith("nano /")
    mine = {"VISUAL": f"{tmp_path}/mine -w", "EDITOR": "no-such-editor"}
    assert edit("x", mine).startswith("mine -w /")


@pytest.mark.usefixtures("home")
class TestAtThePrompt:
    def open_shell(self, qemu: RealQEMU, env: dict[str, str], *options: str) -> Terminal:
        terminal = Terminal(["qmp-shell", *options, qemu.socket], env=env)
        terminal.wait_for_last_line(PROMPT)
        return terminal

    def test_the_text_stands_there_and_is_not_run(self, qemu: RealQEMU, editor: Editor) -> None:
        env = editor('sed -i s/vm/name/ "$1"')
        with self.open_shell(qemu, env) as terminal:
            terminal.type("query-vm" + OPEN)
            terminal.wait_for_last_line(f"{PROMPT} query-name")
            assert terminal.press("\r", PROMPT)[-1] == '{"name": "web1"}'

    def test_json_over_lines(self, qemu: RealQEMU, editor: Editor) -> None:
        env = editor('printf \'{"execute":\\n  "query-name"\\n}\\n\' > "$1"')
        with self.open_shell(qemu, env) as terminal:
            terminal.type(OPEN)
            terminal.wait(lambda: terminal.lines[-1].endswith("... }"))
            assert terminal.press("\r", PROMPT)[-1] == '{"name": "web1"}'

    def test_vi_keys(self, qemu: RealQEMU, editor: Editor) -> None:
        with self.open_shell(qemu, editor('sed -i s/vm/name/ "$1"'), "--vi") as terminal:
            terminal.type("query-vm\x1b")
            terminal.type("v")
            terminal.wait_for_last_line(f"{PROMPT} query-name")

    def test_without_an_editor_one_line_says_so(self, qemu: RealQEMU) -> None:
        with self.open_shell(qemu, {"VISUAL": "no-such-editor"}) as terminal:
            terminal.type("query-na" + OPEN)
            terminal.wait_for("no-such-editor can't be run: No such file or directory")
            terminal.wait_for(f"{PROMPT} query-na")
            terminal.type("me\r")
            terminal.wait_for('{"name": "web1"}')

    def test_its_keys_are_its_own_and_events_wait(self, qemu: RealQEMU, editor: Editor) -> None:
        env = editor(
            "trap 'echo caught' INT; echo begun\n"
            'until [ $key ]; do read key; done; echo $key > "$1"'
        )
        with self.open_shell(qemu, env) as terminal, qmpshell.connect(qemu.sockets[1]) as other:
            terminal.type("query-vm" + OPEN)
            terminal.wait_for("begun")
            other.execute("cont")
            terminal.type("\x03")
            terminal.wait_for("caught")
            terminal.type("query-name\r")
            terminal.wait_for_last_line("web1 running> query-name")
            terminal.wait(lambda: any(line.endswith("  RESUME") for line in terminal.lines))
            assert terminal.press("\r", "web1 running>")[-1] == '{"name": "web1"}'
