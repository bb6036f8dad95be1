"""The sealed key store; besides sts the only place that touches key bytes."""
