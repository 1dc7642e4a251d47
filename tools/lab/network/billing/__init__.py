"""Prices, charging records and accounts of one operator."""
