"""How quick the register is beside other ways to serve the same rows; `make bench` runs it."""
