"""The flow from files to an Assessment, the district beside it, the rounds, and what people decide on it."""
