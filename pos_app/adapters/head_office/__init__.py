"""The line to head office: bundles up, packs down, over HTTPS."""
