"""Where a suite's items come from: its own files, or the fields of data that exist already."""

from typing import Self

from pydantic import ConfigDict, Field, JsonValue, model_validator

from bench.types import Record, Whole

Files = str | list[str]
"""A file, or several that are read one after the other."""

_WAYS = ("column", "template", "value")


class Picked(Record):
    """A value out of a record: exactly one of a column, a template over its columns, or a fixed value.

    A column may be a path (`answer.value`, `questions.0`, `questions.-1` for the last one); a column whose
    name is the whole path comes first. `names` recodes what was found, or each entry of a list; what it does
    not list is kept. `missing` stands in where the column is absent or null, which is an error otherwise.
    """

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": [way]} for way in _WAYS]})

    column: str | None = None
    template: str | None = None
    """Jinja2; columns are names, `record` and `entry` hold them all. A null column is undefined."""
    value: JsonValue = None
    names: dict[str, JsonValue] = Field(default_factory=dict)
    missing: JsonValue = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [self.column is not None, self.template is not None]
        if sum(ways) + ("value" in self.model_fields_set) != 1:
            raise ValueError("needs exactly one of column, template and value")
        if "missing" in self.model_fields_set and self.column is None:
            raise ValueError("missing: goes with a column; a template has the filter default")
        return self


Pick = str | Picked
"""A column's name, or how to pick the value otherwise."""

Where = dict[str, list[str]]
"""Column -> the values, compared as text, of which a record must hold one."""


class FieldMap(Record):
    """How records become items. `each` names a list within a record, of which every entry becomes an item.

    Columns are looked for in the entry first, then in its record; an entry that is no mapping has the one
    column `entry`. A tag that is null is left out, an id or a cluster that is null is as if not given.
    """

    id: Pick | None = None
    """Made safe for a file name, and `-2` added to the second of its kind; counted from 1 if not given."""
    cluster: Pick | None = None
    """Not given: entries of one record share a cluster, records share none. A long text is its digest."""
    input: dict[str, Pick] = Field(min_length=1)
    reference: dict[str, Pick] = Field(default_factory=dict)
    tags: dict[str, Pick] = Field(default_factory=dict)
    worth: Pick | None = None
    served_today: Pick | None = None
    each: str | None = None
    where: Where = Field(default_factory=dict)


class HuggingFace(Record):
    """A data set of the Hugging Face hub, fetched when the suite loads (extra `huggingface`)."""

    name: str
    split: str
    config: str | None = None
    revision: str | None = None


class DataItems(Record):
    """Items made of existing data: JSON, JSON Lines, CSV, TSV or Parquet files, or a set of the hub."""

    data: Files | HuggingFace
    """Files (a path from the suite's folder, or an absolute one; `${NAME}` is a variable of the environment)."""
    map: str | FieldMap
    """One of the built-in maps by its name, or a mapping."""
    where: Where = Field(default_factory=dict)
    """Keeps records as `where` of a mapping does, beside it."""
    limit: Whole | None = Field(default=None, gt=0)
    """Only the first so many items."""
