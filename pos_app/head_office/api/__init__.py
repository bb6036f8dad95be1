"""What is answered over HTTP: the wire to the tills, and JSON for billing systems."""
