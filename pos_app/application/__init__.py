"""The use cases of a till, and the ports they need."""
