"""What goes on in a machine by itself: its jobs and its migration, and when to ask about them.

``jobs`` and ``migration`` know what events and answers mean, ``activity`` keeps the time.
Nothing here does I/O.
"""

from qmpshell.client.activity.activity import Activity

__all__ = ["Activity"]
