"""The virtual meter: decodes tokens, keeps credit and switches the supply. No clock, no files."""
