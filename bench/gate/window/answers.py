"""What a candidate answered in a run that it said today, and by how much two sets of answers differ."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, product

from bench.value.observed.record import ObservedCandidate, ObservedSuite

Asked = tuple[str, str]
"""An item's id and the digest of all that was asked with it: an item that changed is another one."""


@dataclass(frozen=True, slots=True)
class Answers:
    """One candidate's answers of one run.

    `texts` maps what was asked to the digests of its answers, failed trials and those out of the cache left out;
    `clusters` is of all items of the suite. `models` counts the names under which the answers of `texts` came; `cached`
    counts what came out of the cache.
    """

    texts: Mapping[Asked, tuple[str, ...]]
    clusters: Mapping[Asked, int]
    models: Counter[str]
    cached: int

    @property
    def cached_share(self) -> float:
        """The share of answers that came out of the cache; 0 without answers."""
        answers = self.cached + sum(map(len, self.texts.values()))
        return self.cached / answers if answers else 0.0


def answers_of(suite: ObservedSuite, candidate: ObservedCandidate) -> Answers:
    """What counts as evidence of the model that answered."""
    asked = [(item.id, item.digest) for item in suite.items]
    texts: dict[Asked, list[str]] = {}
    models: Counter[str] = Counter()
    cached = 0
    for trial in candidate.trials:
        kind = candidate.kinds[trial.kind]
        if kind.state == "failed":
            continue
        if kind.cached:
            cached += 1
            continue
        texts.setdefault(asked[trial.item], []).append(trial.text)
        if kind.model is not None:
            models[kind.model] += 1
    return Answers(
        texts={each: tuple(told) for each, told in texts.items()},
        clusters={each: item.cluster for each, item in zip(asked, suite.items, strict=True)},
        models=models,
        cached=cached,
    )


def changed(old: Answers, new: Answers) -> dict[Asked, float]:
    """What both were asked -> the share of pairs of an old and a new answer that differ."""
    return {
        each: _differing(product(old.texts[each], told))
        for each, told in new.texts.items()
        if each in old.texts
    }


def varied(*runs: Answers) -> dict[Asked, float]:
    """What was asked -> the share of pairs of answers of one and the same run that differ; asked once is left out."""
    pairs: dict[Asked, list[tuple[str, str]]] = {}
    for run in runs:
        for each, told in run.texts.items():
            if len(told) > 1:
                pairs.setdefault(each, []).extend(combinations(told, 2))
    return {each: _differing(told) for each, told in pairs.items()}


def another_model(old: Counter[str], new: Counter[str]) -> bool:
    """Whether another model answered: one that did not before, or the one that answered most is gone.

    Shares that shift between names which both runs have are the doing of a router, and no change. Where either
    run's server named no model nothing is known, and nothing said.
    """
    if not old or not new:
        return False
    most = max(old, key=lambda name: (old[name], name))
    return bool(new.keys() - old.keys()) or most not in new


def _differing(pairs: Iterable[tuple[str, str]]) -> float:
    told = [first != second for first, second in pairs]
    return sum(told) / len(told)
