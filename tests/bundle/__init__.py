"""The bundle: sealed, verified, signed, compared; and every way found so far to tamper with it."""
