"""`python -m golive gateway`: from its command line to its record."""
