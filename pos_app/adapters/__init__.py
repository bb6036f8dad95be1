"""The outside world: disk, keys, paper, operating system."""
