"""Clock: the seconds that each step of something takes."""

import time


class Clock:
    """Runs from when it is made. Seconds are of wall clock, to the tenth of a millisecond; steps may come again."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._steps: dict[str, float] = {}

    def mark(self, step: str) -> None:
        """A step ends here: it took the time since the mark before."""
        now = time.perf_counter()
        self._steps[step] = round(self._steps.get(step, 0.0) + now - self._last, 4)
        self._last = now

    def seconds(self) -> dict[str, float]:
        """Each step's seconds, and their total until now."""
        return {**self._steps, "total": round(time.perf_counter() - self._start, 4)}
