"""Decisions of the screens, without Qt."""
