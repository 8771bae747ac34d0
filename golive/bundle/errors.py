"""What can be wrong with a bundle before there is anything to compare."""


class BundleError(Exception):
    """A bundle cannot be made, or a file is none. The message is one line: what is wrong, where, what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


class NotThereError(BundleError):
    """The file that was named does not exist or cannot be read: the command line is to be corrected."""
