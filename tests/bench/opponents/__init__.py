"""What the register is measured against: each serves the same rows, written as its handbook says.

These run in a virtual environment of their own, from tests/bench/requirements.lock.
"""
