"""Built roll-ups of what is public. A summary is complete, or it is the one before.

`scopes` says what is summed up, `counting` makes the figures of each out of the sums,
`building` writes those that changed as a new generation. docs/decisions/
summaries-in-generations.md says why.
"""

from .building import (
    NeverStill,
    build,
    build_what_changed,
    built_by_the_caller,
    current_stamp,
    rebuild_when_committed,
)

__all__ = [
    "NeverStill",
    "build",
    "build_what_changed",
    "built_by_the_caller",
    "current_stamp",
    "rebuild_when_committed",
]
