"""What was tried, and what failed."""

import time
import traceback
from collections.abc import Callable


class Tally:
    """Counts what was tried, as long as there is time.

    Parameters:
        seconds: how long that is.

    Attributes:
        tried: how many things were.
        failed: what failed, and how, each once.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self.tried = 0
        self.failed: dict[str, str] = {}

    @property
    def seconds_left(self) -> float:
        return max(0.0, self._end - time.monotonic())

    @property
    def over(self) -> bool:
        return not self.seconds_left

    def attempt(self, name: str, work: Callable[[], object]) -> None:
        """Do something; if it fails, take note of where and why.

        Parameters:
            name: by which it can be done again.
            work: does it.
        """
        self.tried += 1
        try:
            work()
        except KeyboardInterrupt:
            raise
        except BaseException:
            how = traceback.format_exc()
            self.failed.setdefault(how, name)
