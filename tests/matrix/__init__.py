"""The proof that every check can fail: the suites against each defect and each habit of the simulated DEV.

`pytest tests -k NAME` proves one deviation alone; `python -m tests.matrix.observe NAME` shows what the suites say of it
in the ledger's own form.
"""
