"""What changed between two records, and how it is told."""
