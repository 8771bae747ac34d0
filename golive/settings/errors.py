"""The refusal of a setting."""


class SettingsError(Exception):
    """A setting cannot be used. The message is one line: where the value stands, what is wrong, what to do.

    It never shows a key, nor a value that could be one.
    """

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))
