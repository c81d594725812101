"""A gate over invented runs, and what it says of one criterion."""

from bench.gate.gate import gate
from bench.gate.policy_file import GatePolicy, read_gate_policy

BUILT_IN = read_gate_policy(None)
GOOD = ["accept"]


def held(new, old, policy=BUILT_IN, **more):
    return gate(new, old, policy, run_name="new", baseline_name="old", **more)


def only(**said):
    """A policy that holds nothing but what is said."""
    off = dict.fromkeys(("value", "harm", "coverage", "cost", "latency"))
    return GatePolicy.model_validate({"policy": "own", "default": off | {"limits": "off"} | said})


def the(report, name):
    (contrast,) = report.contrasts
    (found,) = [each for each in contrast.criteria if each.name == name]
    return found


def answers(count, **shares):
    """So many items, outcomes spread over them as told; the rest is accepted."""
    told = [[name] for name, each in shares.items() for _ in range(each)]
    return told + [GOOD] * (count - len(told))


def fresh(count, mark="new"):
    """Texts that no other run has."""
    return [[f"{mark} {at}"] for at in range(count)]
