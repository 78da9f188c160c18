"""bash, zsh and fish on a terminal, each with our scripts where a person installs them."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.terminal import Terminal

SCRIPTS = Path(__file__).parents[3] / "completions"
BASH_COMPLETION = Path("/usr/share/bash-completion/bash_completion")
PROMPT = "ready>"

#: A shell's name, and whether what it needs is installed.
SHELLS = {
    "bash": shutil.which("bash"),
    "bash with bash-completion": shutil.which("bash") and BASH_COMPLETION.exists(),
    "zsh": shutil.which("zsh"),
    "fish": shutil.which("fish"),
}


class Shell(Terminal):
    """A shell that knows our scripts; its prompt is there when this returns.

    Parameters:
        name: which of ``SHELLS``.
        home: a folder for its files.
        env: more for its environment.
    """

    def __init__(self, name: str, home: Path, env: Mapping[str, str] | None = None) -> None:
        command, own = _PREPARE[name](home)
        # Enough for a machine that is busy with other tests.
        limits = {"QMP_COMPLETION_SECONDS": "60"}
        super().__init__(command, env={"HOME": str(home), **limits, **own, **(env or {})})
        self.wait_for_last_line(PROMPT)

    def complete(self, typed: str, completed: str) -> None:
        """Type at the empty prompt, press Tab and X, wait for what stands there then, clear it."""
        self.type(typed)
        self.wait_for_last_line(f"{PROMPT} {typed}".rstrip())
        self.type("\tX")
        self.wait_for_last_line(f"{PROMPT} {completed}X")
        self.type("\x15")
        self.wait_for_last_line(PROMPT)

    def offer(self, typed: str, *texts: str) -> None:
        """Type at the prompt and press Tab until texts stand below."""
        self.type(typed)
        self.wait_for_last_line(f"{PROMPT} {typed}".rstrip())
        self.type("\t\t")
        self.wait(lambda: all(text in self.text for text in texts))


def _bash(home: Path) -> tuple[list[str], dict[str, str]]:
    start = home / "bashrc"
    start.write_text(f"PS1='{PROMPT} '\nfor file in '{SCRIPTS}'/bash/*; do . $file; done\n")
    return ["bash", "--rcfile", str(start), "-i"], {}


def _bash_completion(home: Path) -> tuple[list[str], dict[str, str]]:
    start = home / "bashrc"
    start.write_text(f"PS1='{PROMPT} '\n. {BASH_COMPLETION}\n")
    _install(home / "share/bash-completion/completions", SCRIPTS / "bash")
    return ["bash", "--rcfile", str(start), "-i"], {"XDG_DATA_HOME": str(home / "share")}


def _zsh(home: Path) -> tuple[list[str], dict[str, str]]:
    _install(home / "functions", SCRIPTS / "zsh")
    (home / ".zshrc").write_text(
        f"PS1='{PROMPT} '\nfpath=(~/functions $fpath)\nautoload -Uz compinit\ncompinit -u -D\n"
    )
    return ["zsh", "-i"], {"ZDOTDIR": str(home)}


def _fish(home: Path) -> tuple[list[str], dict[str, str]]:
    _install(home / "fish/completions", SCRIPTS / "fish")
    (home / "fish/config.fish").write_text(
        f"function fish_prompt; echo '{PROMPT} '; end\n"
        "set -g fish_greeting\nset -g fish_autosuggestion_enabled 0\n"
    )
    folders = {"XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home / "share")}
    return ["fish", "-i"], folders


def _install(folder: Path, scripts: Path) -> None:
    folder.mkdir(parents=True)
    for script in scripts.iterdir():
        (folder / script.name).symlink_to(script)


_PREPARE = {
    "bash": _bash,
    "bash with bash-completion": _bash_completion,
    "zsh": _zsh,
    "fish": _fish,
}
