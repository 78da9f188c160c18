"""The interactive shell. Only this package imports prompt_toolkit, which takes its time:
a ``session`` is begun before, and what no empty line needs is imported after.

``shell`` is the loop around a ``session``; ``prompt`` asks for a line, ``printer`` shows
what there is to show, ``watch`` lets the prompt's event loop read the connection, and
``machine`` knows the name and the run state. What a line means is up to a mode,
``qmp_mode`` or ``hmp_mode``; ``commands`` are those with a slash.
"""
