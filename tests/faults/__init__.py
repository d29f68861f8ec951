"""Real faults, by chance, on the real parts, while they work: `make faults`.

`town` starts and ends the parts, `wounds` says what can happen to them, `work` keeps them busy,
`wrong` does the same work in five ways that are known to be wrong, `detect` finds what went wrong
in both alike, `generations` says what summaries may say, `count` compares what was promised with
what is there. `run` puts them together. Nothing of our own code is replaced.
"""
