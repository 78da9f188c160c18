import importlib
import os
import pkgutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import qmpshell
from qmpshell.simulator import Simulator
from tests.agents import RealAgent
from tests.certificates import Certificates
from tests.real_qemu import RealQEMU

# No test measures time: a busy machine is no failure. And the same examples are tried each
# time, so that what fails is due to what was changed.
settings.register_profile("qmpshell", deadline=None, derandomize=True, max_examples=50)
# For ``python -m tests.fuzz``, which tries as much as there is time for.
settings.register_profile("fuzz", deadline=None, max_examples=3000, print_blob=True)
settings.load_profile(os.environ.get("QMPSHELL_TEST_PROFILE", "qmpshell"))

# What a script starts in its background ignores Ctrl-C, and so would all that is started here.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)


@pytest.hookimpl(trylast=True)  # what has properties is marked before
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Hypothesis tries constants of those of our modules that are imported by then, and which
    # those are would be due to the tests that come before.
    if any(item.get_closest_marker("hypothesis") for item in items):
        ours = pkgutil.walk_packages(qmpshell.__path__, "qmpshell.")
        for name in (*(module.name for module in ours), "scripts.write_completions"):
            if not name.endswith("__main__"):
                # Some need a library that may not be there.
                with suppress(ImportError):
                    importlib.import_module(name)


@pytest.fixture
def qemu(tmp_path: Path) -> Iterator[RealQEMU]:
    """A real QEMU with two monitors."""
    with RealQEMU(tmp_path) as machine:
        yield machine


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Certificates of a CA, and of another one."""
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def simulate(tmp_path: Path) -> Iterator[Callable[..., Simulator]]:
    """Start simulators that are stopped at the test's end."""
    with ExitStack() as stack:
        count = 0

        def start(**parameters: Any) -> Simulator:
            nonlocal count
            count += 1
            simulator = Simulator(tmp_path / f"sim{count}", **parameters)
            return stack.enter_context(simulator)

        yield start


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[RealAgent]:
    """A real guest agent, whose guest is this host."""
    folder = tmp_path / "state"
    folder.mkdir()
    with RealAgent(folder) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with nothing in it."""
    path = tmp_path / "folder"
    path.mkdir()
    monkeypatch.chdir(path)
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own, for this process and those that it starts."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    for name in (
        "XDG_CACHE_HOME",
        "XDG_CONFIG_HOME",
        "XDG_STATE_HOME",
        "QMP_SOCKET",
        "QMP_PATH",
        "NO_COLOR",
        "PYTHONUNBUFFERED",  # or nobody would notice what isn't flushed
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    return folder
