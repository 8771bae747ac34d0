"""The rules on the partner's traffic: what keeps them, what breaks them, and what only looks as if it did."""
