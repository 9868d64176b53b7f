"""What the scores mean: scorecard, reasons, agreement, what would turn the advice, what to ask, the advice itself."""
