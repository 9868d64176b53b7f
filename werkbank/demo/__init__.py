"""A fictional district, generated: register, map, filled matrices of three rounds, and the truth behind them."""
