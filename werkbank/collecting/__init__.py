"""Collecting the returns of a round: what is wrong with each, what goes back to whom, and how far it is."""
