"""From a slip's layout to paper, PDF and picture."""
