"""Everything that `bench check` looks at, of one suite."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.checking.gaming import Game, games
from bench.checking.known import Known, known_answers
from bench.checking.planted import Catch, catches
from bench.checking.quality import age, balance, copies, privacy
from bench.checking.quality.finding import Finding
from bench.suites.load import Suite
from bench.suites.seeds import unknown_citations

QUALITY: tuple[Callable[[Suite], Iterator[Finding]], ...] = (
    copies.copies,
    copies.leaks,
    balance.slices,
    balance.clusters,
    balance.labels,
    privacy.personal_data,
    age.stale_dates,
)


@dataclass(frozen=True, slots=True)
class Check:
    """What was found. `wrong` fails the suite; `notes` are advice."""

    suite: Suite
    known: Known
    caught: list[Catch]
    games: list[Game]
    findings: list[Finding]

    @property
    def wrong(self) -> list[str]:
        """Every reason not to trust the suite."""
        told = [each.wrong for each in self.caught] + [each.wrong for each in self.games]
        return [
            *self.known.wrong,
            *(each for each in told if each is not None),
            *(f"{each.check}: {each.text}" for each in self.findings if each.kind == "wrong"),
            *unknown_citations(self.suite),
        ]

    @property
    def notes(self) -> list[str]:
        """Advice."""
        played = [each.note for each in self.games]
        return [
            *(f"gaming: {each}" for each in played if each is not None),
            *(f"{each.check}: {each.text}" for each in self.findings if each.kind == "note"),
        ]


def checked(suite: Suite) -> Check:
    """Look at everything."""
    known = known_answers(suite)
    findings = [each for look in QUALITY for each in look(suite)]
    return Check(
        suite=suite,
        known=known,
        caught=catches(suite, known.good),
        games=games(suite) if known.good else [],
        findings=[*findings, *_business(suite, known)],
    )


def _business(suite: Suite, known: Known) -> Iterator[Finding]:
    """What the business part leaves open."""
    business = suite.file.business
    untested = {rule.outcome for rule in business.outcomes} - set(known.seen)
    if not suite.calibration:
        yield Finding("note", "known answers", "none: the scorers are not tested")
    elif untested:
        yield Finding("note", "known answers", f"none that is: {', '.join(sorted(untested))}")
    if suite.calibration and not suite.planted:
        yield Finding("note", "planted defects", "none: what the scorers miss is not known")
    if not known.good:
        yield Finding("note", "gaming answers", "not tried: there is no accepted known answer")
    solved = Counter(each.item for each in known.good)
    bare = [item.id for item in suite.items if item.id not in solved]
    if suite.calibration and bare:
        yield Finding(
            "note",
            "known answers",
            f"no accepted answer for {len(bare)} items: {', '.join(bare[:5])}",
        )
    guessed = [name for name, each in business.assumptions() if each.placeholder]
    if guessed:
        yield Finding("note", "assumptions", f"{len(guessed)} are placeholders")
    if not business.gates:
        yield Finding("note", "gates", "none: nothing is held to be unacceptable")
