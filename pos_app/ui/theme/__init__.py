"""Colours, sizes and type of the screens, as tokens."""
