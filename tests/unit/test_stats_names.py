import inspect

import pytest

import bench.stats


@pytest.mark.parametrize("name", bench.stats.__all__)
def test_every_name_loads_and_carries_a_docstring(name):
    value = getattr(bench.stats, name)
    assert value.__name__ == name
    assert inspect.getdoc(value)


@pytest.mark.parametrize(
    "name", [n for n in bench.stats.__all__ if inspect.isfunction(getattr(bench.stats, n))]
)
def test_every_function_has_a_worked_example_and_a_source(name):
    doc = inspect.getdoc(getattr(bench.stats, name))
    assert ">>> " in doc
    assert "Source: " in doc or "source as there" in doc


def test_names_are_listed_once_and_found_by_dir():
    assert sorted(set(bench.stats.__all__)) == bench.stats.__all__
    assert set(bench.stats.__all__) <= set(dir(bench.stats))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'wilsom'"):
        bench.stats.wilsom  # noqa: B018 - the look-up is the test
