"""`python -m zugabe` is the command line, too."""

from zugabe.cli import app

app()
