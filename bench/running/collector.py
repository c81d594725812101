"""How often Python's collector of cycles looks, while there is much that it would find nothing in."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def fewer_collections() -> Iterator[None]:
    """Let the cycle collector look less often: answers are many and hold no cycles (a quarter of the CPU)."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(200_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
