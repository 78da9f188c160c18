import pytest

from qmpshell.address import Address, TCPAddress, TLSAddress, UnixAddress
from qmpshell.configuration import Configuration
from qmpshell.errors import AddressError, NobodyListens

CONFIGURATION = Configuration(targets={"web1": "/run/web1.sock", "db": "db.example:4444"})


def find(text: str, *existing: str) -> Address:
    return CONFIGURATION.find_address(text, exists=lambda path: path in existing)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("web1", UnixAddress("/run/web1.sock")),
        ("db", TCPAddress("db.example", 4444)),
        ("./web1", UnixAddress("./web1")),
        ("unix:web1", UnixAddress("web1")),
        ("web1:1", TCPAddress("web1", 1)),
        ("unlike", UnixAddress("unlike")),
    ],
)
def test_a_target_or_an_address(text: str, address: Address) -> None:
    assert find(text) == address


def test_a_target_wins_over_a_file_of_its_name() -> None:
    assert find("web1", "web1") == UnixAddress("/run/web1.sock")


def test_what_is_no_file_may_be_a_misspelt_target() -> None:
    assert find("web2", "web2") == UnixAddress("web2")
    with pytest.raises(NobodyListens, match=r"^wbe1: no such file or target; nearest: web1$"):
        find("wbe1")


@pytest.mark.parametrize("text", ["", "web\0", "web1:x"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(AddressError):
        find(text)


def test_without_targets_a_name_is_a_path() -> None:
    assert Configuration().find_address("wbe1") == UnixAddress("wbe1")


TLS = Configuration(
    targets={"web1": "tls:web1.example:4444", "web2": "tls:web2:4444?cert=/two.pem&ca=/two-ca.pem"},
    tls_ca="/ca.pem",
    tls_cert="/me.pem",
    tls_key="/key.pem",
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("web1", TLSAddress("web1.example", 4444, "/ca.pem", "/me.pem", "/key.pem")),
        ("web2", TLSAddress("web2", 4444, "/two-ca.pem", "/two.pem")),
        ("tls:h:1", TLSAddress("h", 1, "/ca.pem", "/me.pem", "/key.pem")),
        ("tls:h:1?verify=off&cert=/c", TLSAddress("h", 1, cert="/c", verify=False)),
        ("h:1,tls-creds=t", TLSAddress("h", 1, "/ca.pem", "/me.pem", "/key.pem")),
        ("h:1", TCPAddress("h", 1)),
    ],
)
def test_certificates_where_an_address_has_none(text: str, address: Address) -> None:
    assert TLS.find_address(text) == address


def test_without_certificates_in_the_file_an_address_has_its_own_alone() -> None:
    assert Configuration().find_address("tls:h:1?ca=/c") == TLSAddress("h", 1, "/c")
