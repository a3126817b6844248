"""Runs the command line as `python -m coproduce`."""

from .present.cli import main

if __name__ == "__main__":
    main()
