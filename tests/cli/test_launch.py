import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qmpshell.address import UnixAddress
from qmpshell.cli import launch
from qmpshell.cli.launch import Launched
from qmpshell.cli.signals import ending_on_signals
from qmpshell.errors import UsageError

FOREVER = ["sleep", "infinity"]


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where private folders go in this test."""
    with tempfile.TemporaryDirectory(dir="/tmp") as path:
        monkeypatch.setattr(tempfile, "tempdir", path)
        yield Path(path)


def forever(_address: UnixAddress, _folder: Path) -> list[str]:
    return FOREVER


@pytest.mark.parametrize(
    ("number", "ending"),
    [
        (signal.SIGINT, KeyboardInterrupt),
        (signal.SIGTERM, SystemExit),
        (signal.SIGHUP, SystemExit),
    ],
)
def test_a_signal_while_it_starts_leaves_nothing(
    folder: Path, number: signal.Signals, ending: type[BaseException]
) -> None:
    def signalled(_address: UnixAddress, _folder: Path) -> list[str]:
        signal.raise_signal(number)
        return FOREVER

    with pytest.raises(ending), ending_on_signals(), Launched(signalled):
        pytest.fail("it was entered")
    assert list(folder.iterdir()) == []


def test_a_signal_right_after_its_start_ends_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class SignalledPopen(subprocess.Popen[bytes]):
        def __init__(self, *args: object, **options: object) -> None:
            super().__init__(*args, **options)  # type: ignore[call-overload]
            started.append(self)
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(subprocess, "Popen", SignalledPopen)
    with pytest.raises(KeyboardInterrupt), Launched(forever):
        pytest.fail("it was entered")
    assert started[0].returncode == -signal.SIGTERM
    assert list(folder.iterdir()) == []


def test_a_signal_while_it_ends_has_it_killed_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def signalled(process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(launch, "END_SECONDS", float("inf"))
    monkeypatch.setattr(subprocess.Popen, "terminate", signalled)
    with pytest.raises(KeyboardInterrupt), Launched(forever) as launched:
        os.kill(launched.pid, signal.SIGSTOP)
    assert not launched.running
    assert list(folder.iterdir()) == []


def test_signals_mean_afterwards_what_they_meant_before(folder: Path) -> None:
    before = [signal.getsignal(number) for number in launch.ENDING_SIGNALS]
    with ending_on_signals(), Launched(forever):
        pass
    assert [signal.getsignal(number) for number in launch.ENDING_SIGNALS] == before


def test_it_is_ended_with_the_program_at_the_latest(folder: Path) -> None:
    program = (
        "from qmpshell.cli.launch import Launched\n"
        f"print(Launched(lambda address, folder: {FOREVER}).__enter__().pid)"
    )
    pid = subprocess.check_output(
        [sys.executable, "-c", program], env={**os.environ, "TMPDIR": str(folder)}
    )
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)
    assert list(folder.iterdir()) == []


def full(_address: UnixAddress, _folder: Path) -> list[str]:
    raise OSError(28, "No space left on device")


def without_output(_address: UnixAddress, _folder: Path) -> list[str]:
    return ["/"]


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (full, "QEMU's files can't be written in {folder}: No space left on device"),
        (without_output, "/: can't be started: Permission denied"),
    ],
)
def test_a_failure_leaves_nothing(
    folder: Path, command: Callable[[UnixAddress, Path], list[str]], reason: str
) -> None:
    with pytest.raises(UsageError) as error, Launched(command):
        pytest.fail("it was entered")
    assert str(error.value) == reason.format(folder=folder)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["a" * 76, "a=b", "a,b", "a b", "ü"])
def test_a_place_that_qemu_cant_cope_with_is_avoided(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    usual = folder / name
    usual.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(usual))
    with Launched(forever) as launched:
        assert launched.folder.parent == Path("/tmp")
        assert list(usual.iterdir()) == []


def test_the_longest_place_that_is_used_fits_a_socket(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = folder / ("a" * (75 - len(f"{folder}/")))
    usual.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(usual))
    with Launched(forever) as launched:
        assert launched.folder.parent == usual
        assert len(launched.address.path) == 107


def test_no_place_at_all_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", f"{folder}/none")
    with pytest.raises(UsageError, match=r"made in .*/none: No such file.*; set TMPDIR"):
        Launched(forever).__enter__()
