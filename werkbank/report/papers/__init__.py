"""What leaves as a file of its own: Word, PDF, tables and a page for the steering group, from one set of values."""
