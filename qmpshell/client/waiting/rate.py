"""How fast something goes, from how far it was at some moments."""

from __future__ import annotations

from collections import deque

from qmpshell.progress import Progress

#: The rate is that of the last so many seconds.
_WINDOW = 3.0


class Rate:
    """Completes what is known of something's progress with its rate."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def complete(self, progress: Progress, moment: float) -> Progress:
        """Add the rate, and the time that is left, unless they are known better.

        Parameters:
            progress: as it is at the moment.
            moment: the time in seconds, by any clock.
        """
        if progress.rate is not None:
            return progress
        seen = self._seen
        if seen and progress.done < seen[-1][1]:
            seen.clear()
        # What goes in steps doesn't stand between them: a step lasts from the one before.
        if len(seen) > 1 and seen[-2][1] == seen[-1][1]:
            seen.pop()
        seen.append((moment, progress.done))
        while moment - seen[0][0] > _WINDOW and len(seen) > 2 and seen[1][1] != progress.done:
            seen.popleft()
        seconds = moment - seen[0][0]
        if seconds <= 0 or progress.done == seen[0][1]:
            return progress
        rate = (progress.done - seen[0][1]) / seconds
        left = (progress.total - progress.done) / rate
        return progress._replace(rate=rate, seconds_left=left if left >= 0 else None)
