"""A small, whole integration with the Connect API: a backend and a page for a driver's phone. README.md tells how to
run it, and where to find what."""
