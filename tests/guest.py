"""A guest for tests: it echoes what is typed to its screen and to a file."""

from pathlib import Path

from tests.real_qemu import RealQEMU

#: A boot sector. The BIOS loads it to 0000:7c00 and jumps there, in 16-bit mode. What it
#: writes to port 0xe9 comes out of QEMU's debug console: "R" when it is ready for a key,
#: and then the key's character and scan code.
_BOOT_SECTOR = (
    bytes.fromhex(
        "b052"  # next:  mov al, 'R'
        "e6e9"  #        out 0xe9, al
        "30e4"  #        xor ah, ah      wait for a key:
        "cd16"  #        int 0x16        al = its character, ah = its scan code
        "e6e9"  #        out 0xe9, al
        "88c3"  #        mov bl, al
        "88e0"  #        mov al, ah
        "e6e9"  #        out 0xe9, al
        "88d8"  #        mov al, bl
        "b40e"  #        mov ah, 0x0e    write the character to the screen
        "cd10"  #        int 0x10
        "ebe8"  #        jmp next
    ).ljust(510, b"\0")
    + b"\x55\xaa"
)


class Guest(RealQEMU):
    """A QEMU with a screen and this guest, which stands still until ``cont``."""

    def __init__(self, folder: Path) -> None:
        disk = folder / "disk"
        disk.write_bytes(_BOOT_SECTOR)
        self._console = folder / "console"
        super().__init__(
            folder,
            *("-vga", "std"),
            *("-drive", f"file={disk},format=raw,if=ide"),
            *("-chardev", f"file,id=console,path={self._console}"),
            *("-device", "isa-debugcon,iobase=0xe9,chardev=console"),
        )

    @property
    def ready(self) -> bool:
        """Whether it waits for a key: the last that it wrote is neither of a key's bytes."""
        return len(self._written) % 3 == 1

    @property
    def typed(self) -> str:
        """The characters that came."""
        return self._written[1::3].decode("latin-1")

    @property
    def scan_codes(self) -> bytes:
        """The codes of the keys that came."""
        return self._written[2::3]

    @property
    def _written(self) -> bytes:
        return self._console.read_bytes()
