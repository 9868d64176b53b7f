"""Bundles as tests write them."""

from werkbank.sharing.bundle import bundle_of


def write_bundle(assessments, folder, *more, **named):
    """A bundle of these, of what is chosen, beside and counted, in this folder."""
    bundle_of(assessments, *more, **named).write(folder)
