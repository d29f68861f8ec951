"""The resources of API version 1 that show what was reported, and the addresses of them all."""
