"""The schema's reply, from values to coloured text: beside Pygments and ``jq``.

Ours and Pygments run within this process; ``jq`` is started each time, and reads a file.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable

from pygments import highlight
from pygments.formatters import Terminal256Formatter
from pygments.lexers import JsonLexer

from benchmarks.measuring import Section, bounds, compile_us, table, take_turns
from qmpshell.render import plain
from qmpshell.render.json import PrettyJSON
from qmpshell.render.theme import Theme
from tests.schema.recorded import entries

ROUNDS = 15

OURS, PYGMENTS, JQ = "qmpshell", "Pygments", "`jq -C .`"


def report(rounds: int) -> Section:
    """Measure.

    Parameters:
        rounds: how often each is measured.
    """
    compile_us()
    value = entries("7.2")
    theme = Theme()
    text = plain(PrettyJSON(value))
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(value, file)
        file.flush()
        jq = ["jq", "-C", ".", file.name]
        formatter = Terminal256Formatter(style=theme.style)
        ways: dict[str, Callable[[], object]] = {
            PYGMENTS: lambda: highlight(text, JsonLexer(), formatter),
            OURS: lambda: theme.paint(PrettyJSON(value)),
        }
        if shutil.which("jq"):
            ways[JQ] = lambda: subprocess.run(jq, stdout=subprocess.DEVNULL, check=True)
        measured = take_turns({name: timed(way) for name, way in ways.items()}, rounds)
    size = f"{len(json.dumps(value)) / 1000:.0f} kB"
    what = f"colouring the schema, {size}"
    wanted = [(what, OURS, PYGMENTS, 0.2), (what, OURS, JQ, 1.0)]
    return Section([table(what, measured, "ms")], bounds(measured, "ms", wanted))


def timed(way: Callable[[], object]) -> Callable[[], float]:
    """Return what measures how many milliseconds something takes."""

    def measure() -> float:
        begin = time.perf_counter()
        way()
        return (time.perf_counter() - begin) * 1000

    return measure
