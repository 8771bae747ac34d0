"""One file for each thing that a backend does."""
