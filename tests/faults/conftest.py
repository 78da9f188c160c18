import pytest

from tests.faults.virtual import VirtualMachines


@pytest.fixture
def machines(monkeypatch: pytest.MonkeyPatch) -> VirtualMachines:
    return VirtualMachines(monkeypatch)
