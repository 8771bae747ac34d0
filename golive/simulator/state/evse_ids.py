"""One EVSE ID has several spellings: with `*` or `-` or nothing between its parts, in either case."""


def evse_key(evse_id: str) -> str:
    """The spelling under which an EVSE is kept: letters and digits only, upper case."""
    return "".join(c for c in evse_id if c.isascii() and c.isalnum()).upper()
