"""Virtual meters on disk."""
