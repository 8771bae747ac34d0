"""The simulated DEV over HTTP: reading requests, writing answers, no behaviour of its own."""
