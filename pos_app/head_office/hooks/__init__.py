"""Hooks: telling billing systems what came in, signed, again and again until they have it.

Conventions are those of Standard Webhooks 1.0.0 (headers ``webhook-id``, ``webhook-timestamp``,
``webhook-signature``; HMAC-SHA256 over ``id.timestamp.body``).
"""
