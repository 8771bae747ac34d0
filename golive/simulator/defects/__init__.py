"""Defects: deviations that a suite must catch. Each is seeded alone, and the suites must turn red for it.

One module a section; `python -m golive.simulator --defect NAME` serves one.
"""

from golive.simulator.deviations import Register

DEFECTS = Register(__name__)
defect = DEFECTS
