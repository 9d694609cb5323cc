"""The command line as `python -m zugabe`."""

from zugabe.cli import app

app()
