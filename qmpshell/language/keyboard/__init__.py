"""Keys: a text or the names of keys → what has to be pressed, in QEMU's own names of keys.

``layout`` knows which keys type a character, ``text`` and ``combinations`` read what a
person writes, and ``key_names`` what a server calls its keys.
"""
