"""``python -m pos_app.cli.head_office``."""

from pos_app.cli.head_office import main

main()
