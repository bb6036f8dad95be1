"""The slip: one layout description, whatever it is printed on."""
