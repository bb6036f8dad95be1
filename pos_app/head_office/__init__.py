"""Head office: what many tills send up is stored, proven and answered with packs."""
