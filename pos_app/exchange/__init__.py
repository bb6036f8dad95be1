"""What travels and what is kept for ever: canonical JSON, hash chain, signatures."""
