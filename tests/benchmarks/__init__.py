"""Benchmarks: ratios within one run, for machines differ and days differ. `make bench` runs them; they are no tests."""
