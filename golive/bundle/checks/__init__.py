"""What `verify` looks at, a room for each kind of contradiction.

Each function is pure and gives the problems it found as phrases; none means that all is as it should be.
"""
