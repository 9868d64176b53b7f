"""The command `werkbank`."""
