import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from qmpshell.configuration import Configuration
from qmpshell.configuration.file import configuration_path, configured
from qmpshell.errors import UsageError


@pytest.mark.parametrize("platform", ["linux", "freebsd14", "darwin"])
@pytest.mark.parametrize("config", [None, "/etc/xdg"])
def test_it_is_in_clicks_folder(
    monkeypatch: pytest.MonkeyPatch, platform: str, config: str | None
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("HOME", "/home/x")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    if config:
        monkeypatch.setenv("XDG_CONFIG_HOME", config)
    assert configuration_path(os.environ) == f"{click.get_app_dir('qmpshell')}/config.toml"


@pytest.mark.parametrize("config", ["", "relative"])
def test_a_folder_that_moves_with_the_current_one_is_none(config: str) -> None:
    env = {"HOME": "/home/x", "XDG_CONFIG_HOME": config}
    assert configuration_path(env) == "/home/x/.config/qmpshell/config.toml"
    assert configuration_path({"XDG_CONFIG_HOME": config}) == ""


def test_the_usual_file_needs_not_be_there(tmp_path: Path) -> None:
    env = {"XDG_CONFIG_HOME": str(tmp_path)}
    path = f"{tmp_path}/qmpshell/config.toml"
    assert configured(None, env) == Configuration(path)
    assert configured("", env) == configured(None, {}) == Configuration()
    with pytest.raises(UsageError, match=r"config.toml can't be read: No such file"):
        configured(path, env)


def test_a_file_where_a_folder_should_be_is_no_configuration(tmp_path: Path) -> None:
    (tmp_path / "qmpshell").touch()
    env = {"XDG_CONFIG_HOME": str(tmp_path)}
    assert configured(None, env) == Configuration(f"{tmp_path}/qmpshell/config.toml")


def test_a_byte_order_mark_is_none_of_its_business(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_bytes("\ufefftiming = true\r\n".encode())
    assert configured(str(file), {}).timing


def test_what_cant_be_read(tmp_path: Path) -> None:
    folder, latin, large = tmp_path / "folder", tmp_path / "latin", tmp_path / "large"
    folder.mkdir()
    latin.write_bytes(b"# ok\n# caf\xe9\n")
    large.write_bytes(b"#" * (2**20 + 1))
    for path, reason in (
        (str(folder), r"the configuration .*/folder can't be read: Is a directory"),
        (str(latin), r"latin:2: this is no text in UTF-8"),
        (str(large), r"large:1: this is too long"),
        ("a\0\x1b", r"^the configuration a\\u0000\\u001b can't be read: embedded null byte"),
    ):
        with pytest.raises(UsageError, match=reason):
            configured(path, {})


SCRIPT = """
import sys
from qmpshell.configuration.file import configured
print(configured(None, {"XDG_CONFIG_HOME": sys.argv[1]}).timing)
print(*sorted(name for name in sys.modules if name.startswith(("tomllib", "qmpshell.conf"))))
print({"click", "prompt_toolkit", "pygments", "difflib"} & set(sys.modules))
"""


@pytest.mark.parametrize("there", [False, True])
def test_nothing_is_imported_for_a_file_that_isnt_there(tmp_path: Path, there: bool) -> None:
    if there:
        (tmp_path / "qmpshell").mkdir()
        (tmp_path / "qmpshell" / "config.toml").write_text("timing = true")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)], capture_output=True, text=True, check=True
    )
    timing, modules, others = done.stdout.splitlines()
    assert timing == str(there)
    assert ("tomllib" in modules.split()) == there
    assert there or modules.split() == [
        "qmpshell.configuration",
        "qmpshell.configuration.configuration",
        "qmpshell.configuration.file",
    ]
    assert others == "set()"
