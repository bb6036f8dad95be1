"""The window: views, presenters, models, widgets, theme."""
