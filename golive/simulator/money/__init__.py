"""Prices and costs: Decimal throughout, rounded in one place."""
