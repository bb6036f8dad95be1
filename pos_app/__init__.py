"""Tokentill: an open desktop point of sale for prepaid meters (STS, IEC 62055-41)."""
