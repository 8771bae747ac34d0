"""The example app: that it does what it is an example of."""
