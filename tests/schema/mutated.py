"""Schemas that no server should have: parts of a real one, with anything anywhere in them."""

import copy
import random
from collections.abc import Iterable
from typing import Any

from tests.schema.recorded import entries

#: What no entry, and no part of one, should be.
STRANGE = [None, 5, "x", [], {}, [None], [5], ["x"], [{}], [[]], {"name": 5}, True, -1.5, "\x1b[2J"]

#: Keys that mean something in some entry.
_KEYS = ["arg-type", "element-type", "features", "members", "meta-type", "tag", "variants"]


def part_of_schema(names: Iterable[str], depth: int = 4, version: str = "7.2") -> list[Any]:
    """Return some entries, and what they refer to.

    Parameters:
        names: of the entries.
        depth: how many steps a reference may be away.
        version: of QEMU.
    """
    all_entries = {entry["name"]: entry for entry in entries(version)}
    found = dict.fromkeys(names)
    for _ in range(depth):
        for name in list(found):
            found |= dict.fromkeys(_references(all_entries[name]))
    return [copy.deepcopy(all_entries[name]) for name in found]


def mutate(schema: list[Any], seed: int, count: int) -> list[Any]:
    """Return a schema in which some things are gone, and others stand in their place.

    Parameters:
        schema: stays as it is.
        seed: decides what happens.
        count: how many things happen.
    """
    rolled = random.Random(seed)
    mutated = copy.deepcopy(schema)
    names = [entry["name"] for entry in schema]
    for _ in range(count):
        entry = rolled.choice(mutated)
        if not isinstance(entry, dict) or rolled.random() < 0.1:
            mutated.remove(entry)
            mutated.append(rolled.choice(STRANGE))
            continue
        _put(entry, rolled, [*STRANGE, *rolled.choices(names, k=len(STRANGE))])
    return mutated


def _put(entry: dict[str, Any], rolled: random.Random, values: list[Any]) -> None:
    """Put a value anywhere into an entry."""
    lists = [below for below in entry.values() if isinstance(below, list) and below]
    if lists and rolled.random() < 0.5:
        chosen = rolled.choice(lists)
        index = rolled.randrange(len(chosen))
        if isinstance(chosen[index], dict) and rolled.random() < 0.8:
            chosen[index][rolled.choice([*chosen[index], "default"])] = rolled.choice(values)
        else:
            chosen[index] = rolled.choice(values)
    else:
        entry[rolled.choice([*entry, *_KEYS])] = rolled.choice(values)


def _references(entry: dict[str, Any]) -> list[str]:
    below = [*entry.get("members", ()), *entry.get("variants", ())]
    named = [entry.get(key) for key in ("arg-type", "ret-type", "element-type")]
    return [name for name in (*named, *(member.get("type") for member in below)) if name]
