"""From the suites of a run to the views across them."""

from collections.abc import Mapping

from bench.running.manifest import Manifest
from bench.value.across.advised import advised
from bench.value.across.hosting import hosting
from bench.value.across.ladder import ladders
from bench.value.across.portfolio import portfolio
from bench.value.across.profiles import profiles
from bench.value.across.records import Across
from bench.value.across.triangle import triangles
from bench.value.assess import Assessed


def across(suites: Mapping[str, Assessed], manifest: Manifest) -> Across:
    """Triangle, ladders, profiles and hosting of every suite, and the portfolio of all. `suites` in the run's order."""
    return Across(
        triangle=triangles(suites, manifest),
        ladders={name: ladders(each, manifest) for name, each in suites.items()},
        portfolio=portfolio(suites),
        profiles={name: profiles(each, manifest) for name, each in suites.items()},
        hosting={name: hosting(each, manifest) for name, each in suites.items()},
        advised=advised(suites),
    )
