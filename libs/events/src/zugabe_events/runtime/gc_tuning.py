"""Pauses of the garbage collector, during which nobody is served."""

import gc

YOUNG = 5_000
"""So many new objects are looked through at once; what a request makes is mostly gone by then."""


def tune_gc() -> None:
    """What a process has when it is up stays, and is not looked through again: with the modules and
    schemas of a service that takes most of a tenth of a second, every time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
