"""What partners can read, run and copy from."""
