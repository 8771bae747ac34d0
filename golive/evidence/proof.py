"""The summary of the suite's own proof, as it was last made from the ledger (`scripts/kill_matrix.py`)."""

from pathlib import Path

from golive.evidence.model import Proof

FILE = Path(__file__).with_name("proof.json")


def proof_of_the_suite() -> Proof | None:
    """The proof that goes into each record; None where the suite carries none."""
    if not FILE.exists():
        return None
    return Proof.model_validate_json(FILE.read_text(encoding="utf-8"))
