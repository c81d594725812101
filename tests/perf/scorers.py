"""How long the scorers take, without any model: many short summaries, and single answers of 100 kB.

    python -m tests.perf.scorers

The pairs are the suite's own good answers and their items, over and over, so that a source is read once and
asked many times, as in a run with several candidates. Ratios are to the limits: 60 s for all pairs, 2 s for
the worst scorer of the worst answer.
"""

import argparse
import time
from itertools import cycle, islice

PAIRS, PAIRS_LIMIT_S = 10_000, 60.0
SIZE, ANSWER_LIMIT_S = 100_000, 2.0
SHOWN = 8


def good_answers(suite):
    """Item and answer of every known answer that is accepted."""
    items = {item.id: item for item in suite.items}
    return [
        (items[each.item], each.answer) for each in suite.calibration if each.outcome == "accept"
    ]


def pairs(count):
    """CPU seconds of every scorer of the summarization suite, and of ROUGE by word, over `count` pairs."""
    from bench.registry import SCORERS
    from bench.scoring.reading import read
    from bench.suites.load import load

    suite = load("summarization")
    known = good_answers(suite)
    by_word = SCORERS.load("rouge")(reference="summary", unit="word")
    scorers = {**suite.scorers, "overlap by word": by_word}
    by_word.score(known[0][0], read(known[0][1], suite.file.answer))  # loads its dictionary
    begun = time.process_time()
    readings = [
        (item, read(answer, suite.file.answer)) for item, answer in islice(cycle(known), count)
    ]
    spent = {"reading": time.process_time() - begun}
    for name, scorer in scorers.items():
        begun = time.process_time()
        for item, reading in readings:
            scorer.score(item, reading)
        spent[name] = time.process_time() - begun
    return spent, len(known)


def judges():
    """Name, scorer, item and how to read, for every scorer of the built-in suites and every kind by itself."""
    from bench.scoring.reading import Reading, read, stream_safe
    from bench.suites.load import load
    from bench.suites.locate import suite_names
    from tests.hostile_texts import ITEM, disguises, simple_scorers

    for kind, scorer in simple_scorers().items():
        yield kind, scorer, ITEM, lambda text: [Reading(stream_safe(text))]
    for name in suite_names():
        suite = load(name)

        def readings(text, suite=suite):
            return [read(told, suite.file.answer) for told in disguises(text, suite)]

        for label, scorer in suite.scorers.items():
            yield f"{name} {label}", scorer, suite.items[0], readings


def hostile_answers(size):
    """CPU seconds, scorer and answer of every scorer's slowest answer, slowest first."""
    from tests.hostile_texts import hostile

    texts = hostile(size)
    worst = []
    for name, scorer, item, readings in judges():
        slowest = (0.0, name, "")
        for made_of, text in texts.items():
            for reading in readings(text):
                begun = time.process_time()
                scorer.score(item, reading)
                slowest = max(slowest, (time.process_time() - begun, name, made_of))
        worst.append(slowest)
    return sorted(worst, reverse=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--size", type=int, default=SIZE, help="bytes of a hostile answer")
    told = parser.parse_args()
    spent, known = pairs(told.pairs)
    print(f"{told.pairs:,} pairs ({known} good answers, over and over)\n")
    print("| scorer | CPU s | µs a pair |\n|---|---|---|")
    for name, seconds in sorted(spent.items(), key=lambda each: -each[1]):
        print(f"| {name} | {seconds:.2f} | {seconds / told.pairs * 1e6:.0f} |")
    total = sum(spent.values())
    print(f"| all | {total:.2f} | {total / told.pairs * 1e6:.0f} |")
    print(f"\n{total / PAIRS_LIMIT_S:.2f} x the limit of {PAIRS_LIMIT_S:.0f} s\n")
    worst = hostile_answers(told.size)
    print(f"answers of {told.size / 1000:.0f} kB, the {SHOWN} slowest scorers of {len(worst)}\n")
    print("| scorer | the slowest answer is made of | CPU s |\n|---|---|---|")
    for seconds, name, made_of in worst[:SHOWN]:
        print(f"| {name} | {made_of} | {seconds:.2f} |")
    print(f"\n{worst[0][0] / ANSWER_LIMIT_S:.2f} x the limit of {ANSWER_LIMIT_S:.0f} s")


if __name__ == "__main__":
    main()
