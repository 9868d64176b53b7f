"""Reading and writing safely; knows nothing of parks."""
