"""Measures everything beside its peers, and prints it in Markdown.

usage: python -m benchmarks [--rounds N] [NAME...]

Each NAME is a module of this folder; without one, all are run. Everything that is compared runs
in turn, so that the machine's moods are the same for all.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys

from benchmarks.machine import describe
from benchmarks.measuring import Bound

#: In this order, under these headings.
TITLES = {
    "one_shot": "A command as a program",
    "lines": "Ten thousand lines of a script",
    "round_trips": "A command and its reply in Python",
    "first_prompt": "The first prompt",
    "menu": "A key to the menu on the terminal",
    "keystrokes": "A keystroke, without the drawing",
    "colouring": "Colouring a reply",
    "large_replies": "A reply from the wire to the terminal",
    "watching": "Events into a pipe",
    "event_storm": "Events through the prompt",
    "schema_size": "How the schema's size shows",
    "history": "How the history's length shows",
}


def main() -> int:
    """Measure; return 1 if something doesn't hold that has to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(TITLES))
    parser.add_argument("--rounds", type=int, metavar="N", help="how often each is measured")
    options = parser.parse_args()
    if unknown := [name for name in options.names if name not in TITLES]:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(TITLES)}")
    load = os.getloadavg()[0]
    chapters: list[str] = []
    bounds: list[Bound] = []
    for name in options.names or TITLES:
        print(name, file=sys.stderr)
        module = importlib.import_module(f"benchmarks.{name}")
        section = module.report(options.rounds or module.ROUNDS)
        chapters += [f"### {TITLES[name]}", (module.__doc__ or "").strip(), *section.tables]
        bounds += section.bounds
    print("\n\n".join(["### The machine", describe(load), *summary(bounds), *chapters]))
    return 0 if all(bound.holds for bound in bounds) else 1


def summary(bounds: list[Bound]) -> list[str]:
    """Return a chapter that says of each bound whether it holds."""
    if not bounds:
        return []
    lines = [
        "| measured | ours | peer | | ratio | has to be | |",
        "|---|---:|---|---:|---:|---:|---|",
    ]
    for bound in bounds:
        limit = f"{'≥' if bound.at_least else '≤'} {bound.limit:g}"
        holds = "holds" if bound.holds else "**doesn't hold**"
        lines.append(
            f"| {bound.what} | {bound.ours} | {bound.peer} | {bound.theirs} |"
            f" {bound.ratio:.2f} | {limit} | {holds} |"
        )
    return ["### What has to hold", "\n".join(lines)]


if __name__ == "__main__":
    sys.exit(main())
