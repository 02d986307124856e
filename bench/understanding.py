"""What understanding a message costs, with every lexicon loaded, and what loading them adds to a start.

A message that was never seen is the dearest: the words that the process remembers are forgotten before each. The
figures are told beside those of a fixed piece of work on the same machine: runs are compared by that ratio.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles

from bot import content
from bot.evaluation import QUESTION, Example, read_examples
from bot.matching import Matcher
from bot.messages import Inbound, Kind, Urn
from bot.understanding import understand

EXAMPLES = Path(__file__).resolve().parent.parent / "tests" / "utterances"
BUDGET_MEDIAN, BUDGET_P99 = 200.0, 1000.0
"""Microseconds a message (issue: speed)."""

BUDGET_START = 1.0
"""Seconds that the lexicons may add to a start."""


def timed(work: Callable[[], object]) -> float:
    """Microseconds of one piece of work."""
    began = time.thread_time()
    work()
    return (time.thread_time() - began) * 1e6


def yardstick() -> float:
    """Microseconds of a fixed piece of work: what this machine is worth now."""
    return median(timed(lambda: sum(n * n for n in range(1000))) for _ in range(200))


def load() -> tuple[Matcher, float]:
    """The lexicons made ready, and the seconds it took."""
    began = time.thread_time()
    matcher = content.load_matcher()
    return matcher, time.thread_time() - began


def costs(matcher: Matcher, examples: Sequence[Example], *, cold: bool) -> list[float]:
    """Microseconds of each message."""
    found = []
    for example in examples:
        if cold:
            matcher.forget()
        message = Inbound("sms", "", "", Urn("tel", "+32470000000"), Kind.TEXT, example.text)
        found.append(timed(lambda: understand(message, QUESTION, matcher, example.language)))  # noqa: B023
    return found


def main() -> int:
    """Prints the figures; 1 when one is over its budget."""
    examples = [example for path in sorted(EXAMPLES.glob("*/*.tsv")) for example in read_examples(path)]
    matcher, seconds = load()
    unit = yardstick()
    print(f"messages {len(examples)}, start {seconds:.2f} s, yardstick {unit:.0f} µs")
    over = seconds > BUDGET_START
    for name, cold in (("words never seen", True), ("words remembered", False)):
        row = costs(matcher, examples, cold=cold)
        middle, p99 = median(row), quantiles(row, n=100)[98]
        print(f"{name}: median {middle:.0f} µs ({middle / unit:.1f} ×), p99 {p99:.0f} µs ({p99 / unit:.1f} ×)")
        over = over or middle > BUDGET_MEDIAN or p99 > BUDGET_P99
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
