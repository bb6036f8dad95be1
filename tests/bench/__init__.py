"""Benchmarks as scripts: ``python -m tests.bench.<name>``; not collected as tests."""
