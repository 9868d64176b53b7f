"""`python -m werkbank` is the command `werkbank`."""

from werkbank.cli import main

main()
