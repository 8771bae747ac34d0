"""Ids and secrets, all from the simulator's seed."""

import random
import string
import uuid

_ALPHABET = string.ascii_letters + string.digits


class Identifiers:
    """Makes the ids of one simulated world, the same ones for the same seed and order of calls."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - reproducible on purpose, protects nothing

    def uuid(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def user(self) -> str:
        return self.uuid()

    def session(self) -> str:
        return self.uuid()

    def token(self, length: int = 24) -> str:
        return "".join(self._random.choices(_ALPHABET, k=length))

    def prefixed(self, prefix: str) -> str:
        return f"{prefix}_1{self.token(23)}"

    def secret_of(self, intent_id: str) -> str:
        return f"{intent_id}_secret_{self.token(25)}"
