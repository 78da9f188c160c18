"""Pictures: what a machine's screen shows → what a terminal shows.

``picture`` reads what QEMU writes, whatever it is, and ``size`` says how large it is to be.
``blocks`` draws with characters, on any terminal; ``kitty``, ``iterm`` and ``sixel`` with
the pixels of those that can; ``png`` is for a file. ``form`` chooses between them.
Everything here is pure, and no byte of a picture reaches a terminal as it is.
"""
