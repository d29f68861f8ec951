"""Many people who write at once, on real processes: `make load`."""
