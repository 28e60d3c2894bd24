"""`python -m assistant.cli` is the command `assistant`."""

from assistant.cli import cli

if __name__ == "__main__":
    cli()
