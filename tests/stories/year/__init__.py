"""A year of a portfolio office, told as its minutes."""
