"""What fits at a cursor, without a prompt."""

import subprocess
import sys

import qmpshell
from qmpshell.client.introspection import fetch_schema
from qmpshell.client.names import LiveNames
from qmpshell.language import expected
from qmpshell.language.candidates import Menu
from qmpshell.shell.offers import find_offers
from tests.real_qemu import RealQEMU
from tests.terminal import PATIENCE


def test_the_schema_and_the_machine_say_what_fits(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket) as client:
        menu = Menu(fetch_schema(client), ["query-name"])
        fits = expected("chardev-remove ")
        live = LiveNames(client, came=lambda: None, patience=PATIENCE)
        candidates, complete = find_offers(fits, menu, live)
        assert complete
        assert list(candidates) == ["id=", "compat_monitor0", "compat_monitor1"]
        assert list(find_offers(fits, menu, None).candidates) == ["id="]


def test_asking_for_offers_imports_no_prompt() -> None:
    script = (
        "import sys, qmpshell.shell.offers, qmpshell.shell.server;"
        "sys.exit(any(name in sys.modules for name in ('prompt_toolkit', 'pygments')))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
