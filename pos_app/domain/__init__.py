"""What a sale is: standard library only, no I/O, no clock."""
