"""The counter's desk: everything a signed-in operator can ask of an open shop.

The window and the command line use this one door. Every method runs on the thread that owns
the ledger and takes and returns frozen values only.
"""
