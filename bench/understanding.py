"""What understanding a message costs, with every lexicon loaded, and what loading them adds to a start.

A message that was never seen is the dearest: the words that the process remembers are forgotten before each. The
figures are told beside those of a fixed piece of work on the same machine: runs are compared by that ratio.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from bot.content import load_intake
from bot.evaluation import QUESTION, Example, read_examples
from bot.lexicon_files import new_matcher, read_ahead
from bot.matching import Matcher
from bot.messages import Inbound, Kind, Urn
from bot.understanding import understand

EXAMPLES = Path(__file__).resolve().parent.parent / "tests" / "utterances"
EVERYDAY = EXAMPLES.parents[2] / "shared" / "data" / "utterances.tsv"
"""Messages as people answer us; ours of every kind are twice as long."""

BUDGET_MEDIAN, BUDGET_P99 = 200.0, 1000.0
"""Microseconds a message (issue: speed)."""

BUDGET_START = 1.0
"""Seconds that the lexicons may add to a start."""


FEWEST = 3
WRONG, NOT_CLEAR = 0.01, 0.25
"""Words of a message whose language is told; and how often it may be told wrongly, and not at all."""


def timed(work: Callable[[], object]) -> float:
    """Microseconds of one piece of work; what others do on the machine meanwhile does not count."""
    began = time.thread_time()
    work()
    return (time.thread_time() - began) * 1e6


def yardstick() -> float:
    """Microseconds of a fixed piece of work: what this machine is worth now."""
    return median(timed(lambda: sum(n * n for n in range(1000))) for _ in range(200))


def load(shelf: Path) -> tuple[Matcher, float]:
    """The lexicons made ready, and the seconds it took; less where they were put on the ``shelf`` before."""
    began = time.thread_time()
    matcher = new_matcher(shelf=shelf)
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


def tongues(matcher: Matcher, examples: Iterable[Example]) -> Iterator[tuple[str, Counter[str]]]:
    """Per language on offer: how often it is told from a first message of three words and more."""
    flow = load_intake()
    offered = {o.id for o in flow.steps["language"].options} - set(flow.prepared)
    found: dict[str, Counter[str]] = {}
    for example in examples:
        if example.language in offered and len(example.text.split()) >= FEWEST:
            told = matcher.language_of(example.text)
            how = "right" if told == example.language else "wrong" if told else "not clear"
            found.setdefault(example.lang, Counter())[how] += 1
    yield from sorted(found.items())
    yield "all", sum(found.values(), Counter())


def of(folder: str) -> list[Example]:
    """The messages of a folder of examples."""
    return [example for path in sorted(EXAMPLES.glob(f"{folder}/*.tsv")) for example in read_examples(path)]


def told(name: str, row: Sequence[float]) -> bool:
    """Prints what some messages cost, beside the yardstick now; whether that is over the budget."""
    if not row:
        return False
    middle, p99, unit = median(row), quantiles(row, n=100)[98], yardstick()
    print(f"{name}: median {middle:.0f} µs ({middle / unit:.1f} ×), p99 {p99:.0f} µs ({p99 / unit:.1f} ×)")
    return middle > BUDGET_MEDIAN or p99 > BUDGET_P99


def main() -> int:
    """Prints the figures; 1 when one is over its budget."""
    examples = [*of("built"), *of("measured")]
    with TemporaryDirectory() as shelf:
        first, (matcher, seconds) = load(Path(shelf))[1], load(Path(shelf))
    print(f"messages {len(examples)}, start {seconds:.2f} s, yardstick {yardstick():.0f} µs")
    print(f"the first start after a lexicon changed: {first:.2f} s")
    over = seconds > BUDGET_START
    print(f"all phrases read: {timed(lambda: read_ahead(matcher)) / 1e6:.2f} s more, while the first messages come")
    everyday = read_examples(EVERYDAY) * 8 if EVERYDAY.exists() else []
    for kind, rows in (("as people answer", everyday), ("ours, longer", examples)):
        for name, cold in (("words never seen", True), ("words remembered", False)):
            over = told(f"{kind}, {name}", costs(matcher, rows, cold=cold)) or over
    for language, count in tongues(matcher, of("built")):
        shares = {how: count[how] / count.total() for how in ("right", "not clear", "wrong")}
        print(f"first message {language:<8}" + "".join(f"  {how} {share:.1%}" for how, share in shares.items()))
    return int(over or shares["wrong"] > WRONG or shares["not clear"] > NOT_CLEAR)


if __name__ == "__main__":
    sys.exit(main())
