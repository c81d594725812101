import importlib
import inspect
import pkgutil

import pytest

import bench.value.formulas

MODULES = [
    importlib.import_module(f"bench.value.formulas.{found.name}")
    for found in pkgutil.iter_modules(bench.value.formulas.__path__)
    if found.name != "learning"  # a fit and its intervals, with worked examples in its own tests
]
FORMULAS = [
    function
    for module in MODULES
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if function.__module__ == module.__name__ and not name.startswith("_")
]


@pytest.mark.parametrize("function", FORMULAS, ids=lambda function: function.__qualname__)
def test_every_formula_has_a_source_and_a_worked_example(function):
    doc = inspect.getdoc(function)
    assert "Source" in doc
    assert ">>> " in doc


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_module_of_formulas_says_what_it_reckons(module):
    assert module.__doc__
