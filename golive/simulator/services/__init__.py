"""How the simulated DEV behaves: one small class per concern, made of small methods that a variant may override."""
