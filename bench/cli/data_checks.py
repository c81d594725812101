"""What a command says of the data policy before it asks anybody."""

import os
from typing import TYPE_CHECKING

from bench.cli.say import say

if TYPE_CHECKING:
    from bench.running.plan import Plan


def check_data(planned: "Plan") -> None:
    """Raise UserError when the data policy leaves nothing to ask."""
    from bench.running.data_policy import nothing_left

    if planned.policy is not None and planned.refused and not planned.asked():
        raise nothing_left(planned.policy, planned.refused)


def tell_data(planned: "Plan") -> None:
    """What is not asked because the data may not go there, and a proxy that is not used."""
    from bench.running.data_policy import refused_line, unused_proxy

    if planned.policy is not None and planned.refused:
        say(refused_line(planned.policy, planned.refused))
    line = unused_proxy(planned.asked(), os.environ)
    if line is not None:
        say(line)
