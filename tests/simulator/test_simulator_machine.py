"""The machine behind the wire: how it runs, what is in it."""

import pytest


def status(wire):
    return wire.do("query-status")["status"]


def test_a_run(wire, simulator):
    assert wire.do("query-status") == {"status": "prelaunch", "running": False}
    wire.do("stop")
    assert status(wire) == "prelaunch", "what doesn't run can't be paused"
    wire.do("cont")
    wire.do("cont")
    assert wire.do("query-status") == {"status": "running", "running": True}
    wire.do("stop")
    assert status(wire) == "paused"
    wire.do("system_reset")
    events = [(event["event"], event.get("data")) for event in wire.events]
    assert events == [
        ("RESUME", None),
        ("STOP", None),
        ("RESET", {"guest": False, "reason": "host-qmp-system-reset"}),
    ]


def test_quit_tells_first_then_answers_then_closes(wire, simulator):
    wire.send({"execute": "quit", "id": 56})
    assert wire.message()["data"] == {"guest": False, "reason": "host-qmp-quit"}
    assert wire.message() == {"return": {}, "id": 56}
    assert wire.rest() == b"\r\n"
    simulator.wait_until_ended()


def test_a_running_guest_shuts_down_a_moment_after_it_is_asked(wire, simulator):
    wire.do("cont")
    wire.do("system_powerdown")
    assert [event["event"] for event in wire.events] == ["RESUME", "POWERDOWN"]
    simulator.advance(0.4)
    assert status(wire) == "running"
    simulator.advance(0.2)
    message = wire.message()
    assert message["event"] == "SHUTDOWN"
    assert message["data"] == {"guest": True, "reason": "guest-shutdown"}
    assert wire.rest() == b"\r\n"
    simulator.wait_until_ended()


def test_a_paused_guest_shuts_down_once_it_runs(wire, simulator):
    wire.do("system_powerdown")
    simulator.advance(1000)
    wire.do("cont")
    wire.events.clear()
    simulator.advance(1)
    assert wire.event()["event"] == "SHUTDOWN"


def test_what_is_not_simulated_says_so_but_only_to_arguments_that_fit(wire):
    assert wire.refused("memsave", filename="f", val=0, size=1) == (
        "GenericError: The simulator doesn't do memsave; on a real QEMU it would run"
    )
    assert wire.refused("memsave", val=0, size=1) == (
        "GenericError: Parameter 'filename' is missing"
    )


def test_the_screen_shows_bars(wire, tmp_path):
    file = tmp_path / "picture"
    wire.do("screendump", filename=str(file))
    assert file.read_bytes().startswith(b"P6\n640 480\n255\n\xc0\xc0\xc0")
    assert len(file.read_bytes()) == 15 + 3 * 640 * 480
    for arguments, said in (
        ({"filename": "/nowhere/f"}, "failed to open file '/nowhere/f': No such file or directory"),
        ({"filename": "a\0b"}, "embedded null byte"),
        ({"filename": str(file), "device": "x"}, "Device 'x' not found"),
        ({"filename": str(file), "head": 1}, "'head' must be specified together with 'device'"),
        ({"filename": str(file), "format": "png"}, "writes no PNG"),
    ):
        assert said in wire.refused("screendump", **arguments)


def test_a_usb_device_goes_at_once_even_from_a_machine_that_does_not_run(wire):
    wire.do("device_add", driver="usb-tablet", id="tab1", bus="usb-bus.0")
    assert "tab1" in names(wire, "/machine/peripheral")
    wire.send({"execute": "device_del", "arguments": {"id": "tab1"}, "id": 17})
    assert wire.message() == {"return": {}, "id": 17}
    event = wire.message()
    assert event["event"] == "DEVICE_DELETED"
    assert event["data"] == {"device": "tab1", "path": "/machine/peripheral/tab1"}
    assert "tab1" not in names(wire, "/machine/peripheral")


def test_a_pci_device_goes_when_the_guest_lets_it(wire, simulator):
    wire.do("device_add", driver="virtio-rng-pci", id="rng1")
    wire.do("device_del", id="rng1")
    wire.do("device_del", id="rng1")
    simulator.advance(1000)
    assert "rng1" in names(wire, "/machine/peripheral")
    wire.do("cont")
    wire.events.clear()
    simulator.advance(1)
    assert [wire.event()["data"] for _ in range(2)] == [
        {"path": "/machine/peripheral/rng1/virtio-backend"},
        {"device": "rng1", "path": "/machine/peripheral/rng1"},
    ]


def test_a_reset_completes_an_unplug(wire):
    wire.do("device_del", id="net0")
    wire.do("system_reset")
    assert [event["event"] for event in wire.events] == ["RESET", "DEVICE_DELETED"]
    assert "net0" not in names(wire, "/machine/peripheral")


def test_a_device_without_an_id_is_found_by_its_path(wire):
    wire.do("device_add", driver="usb-kbd")
    (name,) = set(names(wire, "/machine/peripheral-anon")) - {"type"}
    path = f"/machine/peripheral-anon/{name}"
    assert wire.do("qom-get", path=path, property="type") == "usb-kbd"
    wire.do("device_del", id=path)
    assert wire.event()["data"] == {"path": path}


REFUSED = [
    ("device_del", {"id": "nosuch"}, "DeviceNotFound: Device 'nosuch' not found"),
    (
        "device_del",
        {"id": "disk0"},
        "GenericError: Bus 'ide.1' does not support hotplugging",
    ),
    (
        "device_add",
        {"driver": "bogus", "id": "x"},
        "GenericError: 'bogus' is not a valid device model name",
    ),
    (
        "device_add",
        {"driver": "device", "id": "x"},
        "GenericError: Parameter 'driver' expects a non-abstract device type",
    ),
    (
        "device_add",
        {"driver": "usb-tablet", "id": "tab"},
        "GenericError: Duplicate device ID 'tab'",
    ),
    (
        "device_add",
        {"driver": "usb-tablet", "id": "5x"},
        "GenericError: Parameter 'id' expects an identifier",
    ),
    (
        "device_add",
        {"driver": "usb-tablet", "id": "x", "bogus": 1},
        "GenericError: Property 'usb-tablet.bogus' not found",
    ),
    (
        "device_add",
        {"driver": "usb-tablet", "id": "x", "bus": "nope"},
        "GenericError: Bus 'nope' not found",
    ),
    (
        "device_add",
        {"driver": "usb-tablet", "id": "x", "bus": "pci.0"},
        "GenericError: Device 'usb-tablet' can't go on PCI bus",
    ),
    ("device_add", {"driver": "virtio-blk-pci"}, "GenericError: drive property not set"),
    (
        "device_add",
        {"driver": "usb-tablet", "id": "x", "head": True},
        "GenericError: Invalid parameter type for 'head', expected: integer",
    ),
    (
        "device_add",
        {"driver": "ide-hd", "id": "x", "bus": "ide.1"},
        "GenericError: Bus 'ide.1' does not support hotplugging",
    ),
    (
        "device_add",
        {"driver": "e1000", "netdev": "nope"},
        "GenericError: Property 'e1000.netdev' can't find value 'nope'",
    ),
    (
        "device_add",
        {"driver": "e1000", "netdev": "net0-backend"},
        "GenericError: Property 'e1000.netdev' can't take value 'net0-backend', it's in use",
    ),
    (
        "object-add",
        {"qom-type": "secret", "id": "s"},
        "GenericError: Either 'file' or 'data' must be provided",
    ),
    (
        "object-add",
        {"qom-type": "iothread", "id": "pc.ram"},
        "GenericError: attempt to add duplicate property 'pc.ram' to object (type 'container')",
    ),
    ("object-del", {"id": "nope"}, "GenericError: object 'nope' not found"),
    ("netdev_add", {"type": "user", "id": "net0-backend"}, "GenericError: Duplicate ID"),
    ("netdev_del", {"id": "nope"}, "DeviceNotFound: Device 'nope' not found"),
    ("set_link", {"name": "nope", "up": True}, "DeviceNotFound: Device 'nope' not found"),
    ("chardev-remove", {"id": "nope"}, "GenericError: Chardev 'nope' not found"),
    (
        "chardev-remove",
        {"id": "compat_monitor0"},
        "GenericError: Chardev 'compat_monitor0' is busy",
    ),
    ("query-balloon", {}, "DeviceNotActive: No balloon device has been activated"),
    ("system_wakeup", {}, "GenericError: Unable to wake up: guest is not in suspended state"),
    ("qom-list", {"path": ""}, "GenericError: Path '' is ambiguous"),
    ("qom-list", {"path": "/nope"}, "DeviceNotFound: Device '/nope' not found"),
    (
        "qom-get",
        {"path": "net0", "property": "nosuch"},
        "GenericError: Property 'e1000.nosuch' not found",
    ),
    (
        "qom-set",
        {"path": "net0", "property": "mac", "value": "x"},
        "GenericError: Attempt to set property 'mac' on device 'net0' (type 'e1000')"
        " after it was realized",
    ),
    (
        "qom-set",
        {"path": "/machine/peripheral", "property": "tab", "value": "x"},
        "GenericError: Property 'container.tab' is not writable",
    ),
    (
        "qom-set",
        {"path": "/machine", "property": "usb", "value": 5},
        "GenericError: Invalid parameter type for 'usb', expected: boolean",
    ),
    ("qom-list-properties", {"typename": "nope"}, "DeviceNotFound: Class 'nope' not found"),
    ("device-list-properties", {"typename": "nope"}, "DeviceNotFound: Device 'nope' not found"),
    (
        "device-list-properties",
        {"typename": "iothread"},
        "GenericError: Parameter 'typename' expects a non-abstract device type",
    ),
    (
        "yank",
        {"instances": [{"type": "chardev", "id": "compat_monitor0"}]},
        "GenericError: The simulator doesn't cut its own monitor; on a real QEMU it would",
    ),
    ("yank", {"instances": [{"type": "migration"}]}, "DeviceNotFound: Instance not found"),
    (
        "human-monitor-command",
        {"command-line": "info status", "cpu-index": 5},
        "GenericError: Parameter 'cpu-index' expects a CPU number",
    ),
]


@pytest.mark.parametrize(("command", "arguments", "error"), REFUSED)
def test_refusals_in_qemus_words(wire, command, arguments, error):
    assert wire.refused(command, **arguments).startswith(error)


def names(wire, path):
    return [entry["name"] for entry in wire.do("qom-list", path=path)]


def test_the_object_tree(wire):
    assert names(wire, "/") == ["type", "machine", "objects", "chardevs", "backend"]
    listed = wire.do("qom-list", path="/machine/peripheral")
    assert {"name": "net0", "type": "child<e1000>"} in listed
    assert {"name": "tab", "type": "child<usb-tablet>"} in listed
    assert wire.do("qom-list", path="tab") == wire.do("qom-list", path="//machine/peripheral/tab/")
    get = "/machine/peripheral/net0"
    assert wire.do("qom-get", path=get, property="mac") == "52:54:00:12:34:56"
    assert wire.do("qom-get", path=get, property="parent_bus") == "/machine/i440fx/pci.0"
    assert wire.do("qom-get", path="peripheral", property="tab") == "/machine/peripheral/tab"
    cpu = wire.do("query-cpus-fast")[0]["qom-path"]
    assert wire.do("qom-get", path=cpu, property="type") == "qemu64-x86_64-cpu"


def test_every_link_and_child_leads_somewhere(wire):
    todo, seen = ["/"], 0
    while todo:
        path = todo.pop()
        for entry in wire.do("qom-list", path=path):
            value = wire.do("qom-get", path=path, property=entry["name"])
            if entry["type"].startswith(("child<", "link<")):
                kind = wire.do("qom-get", path=value, property="type")
                assert entry["type"] in (f"child<{kind}>", "link<bus>")
                seen += 1
            if entry["type"].startswith("child<"):
                todo.append(value)
    assert seen > 15


def test_a_property_can_be_set(wire):
    wire.do("qom-set", path="/machine", property="usb", value=False)
    assert wire.do("qom-get", path="/machine", property="usb") is False


def test_types(wire):
    def listed(**arguments):
        return {entry["name"] for entry in wire.do("qom-list-types", **arguments)}

    assert "usb-tablet" in listed(implements="device")
    assert "e1000-base" not in listed(implements="device")
    assert "e1000-base" in listed(implements="device", abstract=True)
    assert "iothread" not in listed(implements="device")
    assert listed(implements="nope") == set()
    properties = wire.do("device-list-properties", typename="usb-tablet")
    assert "serial" in {entry["name"] for entry in properties}


def test_objects_come_and_go(wire):
    wire.do("object-add", **{"qom-type": "iothread", "id": "io1"})
    assert [entry["id"] for entry in wire.do("query-iothreads")] == ["io1"]
    assert {"name": "io1", "type": "child<iothread>"} in wire.do("qom-list", path="/objects")
    wire.do("object-del", id="io1")
    assert wire.do("query-iothreads") == []


def test_netdevs_and_chardevs_come_and_go(wire):
    wire.do("netdev_add", type="user", id="n")
    wire.do("device_add", driver="e1000", id="n1", netdev="n")
    wire.do("set_link", name="n1", up=False)
    wire.do("netdev_del", id="n")
    wire.do("chardev-add", id="c", backend={"type": "null", "data": {}})
    labels = [entry["label"] for entry in wire.do("query-chardev")]
    assert labels == ["compat_monitor0", "c"]
    assert {"name": "c", "type": "child<chardev-null>"} in wire.do("qom-list", path="/chardevs")
    wire.do("chardev-remove", id="c")
    assert len(wire.do("query-chardev")) == 1


def test_the_monitor_is_listed_with_its_socket(wire, simulator):
    (monitor,) = wire.do("query-chardev")
    assert monitor["filename"] == f"unix:{simulator.path},server=on"


def test_one_command_line_option_of_many(wire):
    assert len(wire.do("query-command-line-options")) > 1
    (found,) = wire.do("query-command-line-options", option="name")
    assert found["option"] == "name"
    assert wire.refused("query-command-line-options", option="nope") == (
        "GenericError: invalid option name: nope"
    )


def test_the_balloon(wire, simulator):
    wire.do("device_add", driver="virtio-balloon-pci", id="b")
    wire.do("cont")
    wire.do("balloon", value=2**25)
    wire.events.clear()
    assert wire.do("query-balloon") == {"actual": 2**25}
    simulator.advance(1)
    assert wire.event()["data"] == {"actual": 2**25}


HMP = [
    ("", ""),
    ("info status", "VM status: paused (prelaunch)\r\n"),
    ("info name", "demo\r\n"),
    ("info version", "10.0.13Debian 1:10.0.13+ds-0+deb13u1\r\n"),
    ("info nope", "unknown command: 'info nope'\r\n"),
    ("nosuch foo", "unknown command: 'nosuch'\r\n"),
    ("help stop", "stop|s  -- stop emulation\r\n"),
    ("help nope", "unknown command: 'nope'\r\n"),
    (
        "info status extra",
        "status: extraneous characters at the end of line\r\n"
        'Try "help info status" for more information\r\n',
    ),
    (
        "info qom-tree",
        "The simulator doesn't do 'info qom-tree'; on a real QEMU it would run\r\n",
    ),
    (
        "help block_job_complete",
        "block_job_complete device -- stop an active background block operation\r\n",
    ),
]


@pytest.mark.parametrize(("line", "text"), HMP)
def test_the_human_monitor(wire, line, text):
    assert wire.do("human-monitor-command", **{"command-line": line}) == text


def test_the_human_monitors_lists(wire):
    listed = wire.do("human-monitor-command", **{"command-line": "help"})
    assert "\r\nsystem_powerdown  -- " in listed
    listed = wire.do("human-monitor-command", **{"command-line": "info"})
    assert "\r\ninfo version  -- " in listed
    shown = wire.do("human-monitor-command", **{"command-line": "info block"})
    assert shown.startswith("scratch: ")
    assert "Attached to:      disk0\r\n" in shown


def test_the_human_monitor_changes_the_machine(wire):
    wire.do("human-monitor-command", **{"command-line": "c"})
    assert wire.events[0]["event"] == "RESUME"
    shown = wire.do("human-monitor-command", **{"command-line": "info status"})
    assert shown == "VM status: running\r\n"
    wire.do("human-monitor-command", **{"command-line": "s"})
    shown = wire.do("human-monitor-command", **{"command-line": "info status"})
    assert shown == "VM status: paused\r\n"


def test_migration_settings_are_kept(wire):
    wire.do("migrate-set-capabilities", capabilities=[{"capability": "events", "state": True}])
    assert {"capability": "events", "state": True} in wire.do("query-migrate-capabilities")
    wire.do("migrate-set-parameters", **{"max-bandwidth": 5})
    assert wire.do("query-migrate-parameters")["max-bandwidth"] == 5
    assert wire.do("query-migrate") == {}
