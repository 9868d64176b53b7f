"""One notebook per municipality, executed by papermill; a result appears whole or not at all.

Nothing is imported here: papermill loads `werkbank.batch.engine` whenever it starts, also for other notebooks.
"""
