"""Nothing stays charging on a shared DEV, whatever ends a run: a journal on disk, and a guardian that reads it."""
