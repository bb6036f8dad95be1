"""The ways to a printer: network, serial, USB, file or device, and the system's spooler."""
