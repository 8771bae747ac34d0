"""Conformant habits: deviations within the contract, in each of which the real DEV may differ from the simulated one.

A suite must not accuse them; `python -m golive.simulator --habit NAME` serves one.
"""

from golive.simulator.deviations import Register

HABITS = Register(__name__)
habit = HABITS
