"""A suite whose items are followed by their perturbed twins, and the slice that tells the two apart."""

from bench.files.yaml_source import Source
from bench.suites.model import Slice, SuiteFile
from bench.suites.variation import AS_WRITTEN, TAG, VARIED, with_twins
from bench.types import Item, Text

_WORDING = Slice(
    title=Text(zh="措辞", en="wording"),
    shifted=[VARIED],
    names={
        AS_WRITTEN: Text(zh="原题", en="as written"),
        VARIED: Text(zh="换名换数", en="names and numbers changed"),
    },
)


def perturbed(
    file: SuiteFile, items: tuple[Item, ...], seed: int, source: Source
) -> tuple[SuiteFile, tuple[Item, ...]] | None:
    """The suite with the twins that `seed` draws; None where no item allows one.

    Raises SuiteError where the suite uses a name that the twins need.
    """
    twins = with_twins(items, seed)
    if len(twins) == len(items):
        return None
    if TAG in file.slices or any(TAG in item.tags for item in items):
        raise source.error(
            (), f"--vary tags items with '{TAG}'; call the suite's own tag otherwise"
        )
    known = {item.id for item in items}
    taken = next((each.id for each in twins if each.tags[TAG] == VARIED and each.id in known), None)
    if taken is not None:
        raise source.error(
            (), f"--vary needs the id '{taken}' for a twin; call that item otherwise"
        )
    return file.model_copy(update={"slices": {**file.slices, TAG: _WORDING}}), twins
