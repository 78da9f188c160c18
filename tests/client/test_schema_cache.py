import copy
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

import qmpshell
from qmpshell.client import Client
from qmpshell.client.schema_cache import MOST_BYTES, MOST_FILES, CachedSchema, cache_folder
from qmpshell.errors import TimedOut
from qmpshell.simulator import Faults, Simulator, recorded
from tests.real_qemu import RealQEMU
from tests.standing_time import let_time_pass_once

Simulate = Callable[..., Simulator]


def commands(simulator: Simulator) -> list[str]:
    return [request["execute"] for request in simulator.received]


def asked(simulator: Simulator) -> int:
    return commands(simulator).count("query-qmp-schema")


def find(client: Client, folder: Path | str | None) -> CachedSchema:
    schema = CachedSchema(client, None if folder is None else str(folder))
    found = schema.find()
    assert found is not None
    assert found.command("device_del") is not None
    return schema


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "qmpshell"


def the_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_it_is_asked_for_once(simulate: Simulate, folder: Path) -> None:
    simulator = simulate()
    for _ in range(3):
        with qmpshell.connect(simulator.path) as client:
            schema = find(client, folder)
            assert schema.find() is schema.find()
    assert asked(simulator) == 1


def test_another_client_of_a_real_qemu_needs_only_two_small_queries(
    qemu: RealQEMU, folder: Path
) -> None:
    sent: list[str] = []

    def note(direction: str, members: object) -> None:
        match members:
            case {"execute": str(name)} if direction == "sent":
                sent.append(name)

    for _ in range(2):
        with qmpshell.connect(qemu.socket, traffic=note) as client:
            find(client, folder)
    assert sent == [
        *("qmp_capabilities", "query-target", "query-commands", "query-qmp-schema"),
        *("qmp_capabilities", "query-target", "query-commands"),
    ]


def test_only_its_owner_can_read_it(simulate: Simulate, folder: Path) -> None:
    with qmpshell.connect(simulate().path) as client:
        find(client, folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert the_file(folder).stat().st_mode & 0o777 == 0o600


def other_package() -> dict[str, object]:
    greeting = copy.deepcopy(recorded.greeting())
    greeting["QMP"]["version"]["package"] = "another builder's"
    return {"greeting": greeting}


def other_version() -> dict[str, object]:
    greeting = copy.deepcopy(recorded.greeting())
    greeting["QMP"]["version"]["qemu"]["micro"] += 1
    return {"greeting": greeting}


OTHERS: dict[str, Callable[[], dict[str, object]]] = {
    "package": other_package,
    "version": other_version,
    "target": lambda: {"faults": Faults(values={"query-target": {"arch": "riscv64"}})},
    "no target": lambda: {"faults": Faults(errors={"query-target": ("CommandNotFound", "no")})},
}


@pytest.mark.parametrize("other", OTHERS)
def test_another_server_has_a_schema_of_its_own(
    simulate: Simulate, folder: Path, other: str
) -> None:
    for parameters in ({}, OTHERS[other]()):
        simulator = simulate(**parameters)
        for _ in range(2):
            with qmpshell.connect(simulator.path) as client:
                find(client, folder)
        assert asked(simulator) == 1
    assert len(list(folder.iterdir())) == 2


def test_other_commands_than_in_the_schema_are_no_key(simulate: Simulate, folder: Path) -> None:
    """With ``-compat deprecated-output=hide`` the schema lacks commands that there are."""
    simulator = simulate(faults=Faults(extra_commands=("hidden",)))
    for _ in range(2):
        with qmpshell.connect(simulator.path) as client:
            find(client, folder)
    assert asked(simulator) == 2
    assert list(folder.iterdir()) == []


def test_a_qemu_that_hides_what_is_deprecated_is_never_taken_for_one_that_does_not(
    tmp_path: Path, folder: Path
) -> None:
    (tmp_path / "hiding").mkdir()
    (tmp_path / "plain").mkdir()
    hide = ("-compat", "deprecated-output=hide")
    with (
        RealQEMU(tmp_path / "hiding", *hide) as hiding,
        RealQEMU(tmp_path / "plain") as plain,
    ):
        with qmpshell.connect(hiding.socket) as client:
            own = CachedSchema(client, str(folder)).find()
            assert own is not None
            assert own.command("drive-backup") is None
        with qmpshell.connect(plain.socket) as client:
            own = CachedSchema(client, str(folder)).find()
            assert own is not None
            assert own.command("drive-backup") is not None
        # What the file has, this one hides: the check lets it pass, but renewed it is its own.
        with qmpshell.connect(hiding.socket) as client:
            schema = CachedSchema(client, str(folder))
            lax, own = schema.find(), schema.renew()
            assert lax is not None
            assert own is not None
            assert lax.command("drive-backup") is not None
            assert own.command("drive-backup") is None


BROKEN: dict[str, Callable[[Path], object]] = {
    "empty": lambda file: file.write_bytes(b""),
    "cut off": lambda file: file.write_bytes(file.read_bytes()[:1000]),
    "no JSON": lambda file: file.write_bytes(b"\xff\x00"),
    "no object": lambda file: file.write_bytes(b"[]"),
    "no entries": lambda file: file.write_bytes(b'{"return": []}'),
    "no schema": lambda file: file.write_bytes(b'{"return": [5, {"name": {}}]}'),
    "deep": lambda file: file.write_bytes(b"[" * 200_000),
    "another's": lambda file: file.write_text(
        json.dumps({"return": json.loads(file.read_text())["return"][5:]})
    ),
    "too large": lambda file: file.write_bytes(file.read_bytes() + b" " * MOST_BYTES),
    "anyone may write": lambda file: file.chmod(0o666),
    "a link": lambda file: (file.rename(file.with_name("x")), file.symlink_to("x")),
    "a folder's link": lambda file: (file.unlink(), file.symlink_to("/")),
    "a pipe": lambda file: (file.unlink(), os.mkfifo(file)),
    "removed": lambda file: file.unlink(),
}


@pytest.mark.parametrize("breakage", BROKEN)
def test_a_file_that_cannot_be_trusted_is_replaced(
    simulate: Simulate, folder: Path, breakage: str
) -> None:
    simulator = simulate()
    for wanted in (1, 2, 2):
        with qmpshell.connect(simulator.path) as client:
            find(client, folder)
        assert asked(simulator) == wanted
        file = next(file for file in folder.iterdir() if file.name.startswith("schema-"))
        if wanted == 1:
            BROKEN[breakage](file)
        else:
            assert file.is_file()
            assert not file.is_symlink()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("what", ["file", "folder", "above"])
def test_what_is_somebody_elses_is_not_used(simulate: Simulate, folder: Path, what: str) -> None:
    simulator = simulate()
    if what == "above":
        folder.parent.mkdir()
        os.chown(folder.parent, 1234, 1234)
    for _ in range(2):
        with qmpshell.connect(simulator.path) as client:
            find(client, folder)
        if what != "above":
            os.chown(the_file(folder) if what == "file" else folder, 1234, 1234)
    assert asked(simulator) == 2
    if what == "above":
        assert list(folder.parent.iterdir()) == []


@pytest.mark.parametrize("what", ["nowhere", "a file", "writable by all", "/proc/nothing"])
def test_without_a_place_it_is_asked_for_every_time(
    simulate: Simulate, tmp_path: Path, what: str
) -> None:
    simulator = simulate()
    folder: Path | None = tmp_path / "folder"
    match what:
        case "nowhere":
            folder = None
        case "a file":
            (tmp_path / "folder").write_text("kept")
        case "writable by all":
            (tmp_path / "folder").mkdir()
            (tmp_path / "folder").chmod(0o777)
        case _:
            folder = Path(what)
    for _ in range(2):
        with qmpshell.connect(simulator.path) as client:
            find(client, folder)
    assert asked(simulator) == 2


def test_the_oldest_go(simulate: Simulate, folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o700)
    for number in range(MOST_FILES + 5):
        file = folder / f"schema-{number}.json"
        file.write_text("")
        os.utime(file, (number, number))
    (folder / "other").write_text("kept")
    os.utime(folder / "other", (0, 0))
    with qmpshell.connect(simulate().path) as client:
        find(client, folder)
    left = {file.name for file in folder.iterdir()}
    assert len(left) == MOST_FILES + 1
    assert "other" in left
    assert "schema-5.json" not in left
    assert "schema-6.json" in left


def test_a_server_that_greets_nobody_is_not_asked(simulate: Simulate, folder: Path) -> None:
    simulator = simulate(faults=Faults(errors={"query-qmp-schema": ("CommandNotFound", "no")}))
    with qmpshell.connect(simulator.path) as client:
        schema = CachedSchema(client, str(folder))
        assert schema.find() is None
        assert schema.renew() is None
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("env", "path"),
    [
        ({"HOME": "/home/ada"}, "/home/ada/.cache/qmpshell"),
        ({"HOME": "/home/ada", "XDG_CACHE_HOME": "/c"}, "/c/qmpshell"),
        ({"HOME": "/home/ada", "XDG_CACHE_HOME": "c"}, "/home/ada/.cache/qmpshell"),
        ({"HOME": ""}, None),
        ({"HOME": "ada"}, None),
        ({}, None),
    ],
)
def test_where_it_is_kept(env: dict[str, str], path: str | None) -> None:
    assert cache_folder(env) == path


@pytest.mark.parametrize("held", ["query-target", "query-qmp-schema"])
def test_a_machine_that_takes_its_time_is_asked_again(
    simulate: Simulate, folder: Path, monkeypatch: pytest.MonkeyPatch, held: str
) -> None:
    simulator = simulate(faults=Faults(held=frozenset({held})))
    with qmpshell.connect(simulator.path) as client:
        schema = CachedSchema(client, str(folder))
        let_time_pass_once(monkeypatch, lambda: held in commands(simulator))
        with pytest.raises(TimedOut, match=f"{held}.*: no reply in 0.05 s"):
            schema.find(0.05)
        simulator.set_faults(Faults())
        simulator.release()
        assert schema.find() is not None
    assert the_file(folder)
