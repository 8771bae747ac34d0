"""What the suites say of a deviation, as an entry for the ledger: `python -m tests.matrix.observe NAME [NAME…]`.

Each name is observed alone. Read the entry before it goes into the ledger: is it what the defect deserves, and no more?
"""

import sys

from golive.simulator.defects import DEFECTS
from tests.matrix.ledger import Said, observed


def main() -> int:
    for name in sys.argv[1:]:
        said, record = observed(name)
        if name in DEFECTS:  # the ledger of defects is about checks alone
            said = Said(said.checks)
        print(said.as_toml(name))
        for test in record["tests"]:
            if test["outcome"] != "passed":
                print(f"# {test['nodeid'].split('::')[-1]}: {test['message']}")
        print(f"# run {record['run']['wall_s']} s, observations: {[o['code'] for o in record['observations']]}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
