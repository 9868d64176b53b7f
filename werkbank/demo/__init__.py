"""A fictional district, generated: register, map, filled matrices of two rounds, and the truth behind them."""
