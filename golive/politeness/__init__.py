"""How much the suite asks of a target that others use too: turns, a budget, and silence where nothing answers.

What it promises stands in docs/traffic.md.
"""
