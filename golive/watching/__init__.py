"""Watching a partner's backend through the gateway: from the command line to a record."""
