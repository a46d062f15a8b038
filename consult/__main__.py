"""Runs the command line: ``python -m consult``."""

from consult.cli import main

if __name__ == "__main__":
    main()
