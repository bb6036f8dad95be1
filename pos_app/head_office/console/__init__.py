"""The console: head office in a browser, as pages that the server writes.

`mount_console` puts it under ``/console`` of the server's application.
"""

from pos_app.head_office.console.app import mount_console

__all__ = ["mount_console"]
