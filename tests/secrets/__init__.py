"""Canaries are planted wherever a secret can come in, and all that a run leaves or shows is searched for them."""
