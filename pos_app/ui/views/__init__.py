"""Screens: widgets, focus order, words; no decisions."""
