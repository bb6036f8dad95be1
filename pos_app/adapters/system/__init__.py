"""Clock, folders, the one-program lock."""
