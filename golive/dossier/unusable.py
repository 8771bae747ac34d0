"""The refusal of a file that a dossier names."""


class UnusableFile(Exception):  # noqa: N818 - a refusal, not a fault of the program
    """A file cannot be attached. The message ends a sentence that names the file, and has the remedy."""
