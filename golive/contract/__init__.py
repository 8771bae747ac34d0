"""The contract watch: what was recorded, compared with a published OpenAPI document.

Pure functions over the record: nothing is sent and no reference is followed out of the document.
"""

from golive.contract.compare import Difference, Kind, compare
from golive.contract.document import MOST_BYTES, Contract, UnreadableContract, read_contract

__all__ = ["MOST_BYTES", "Contract", "Difference", "Kind", "UnreadableContract", "compare", "read_contract"]
