"""The commands on bundles: verify, sign, diff."""
