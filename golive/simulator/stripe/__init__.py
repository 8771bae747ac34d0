"""The card processor's test mode: setup and payment intents in its wire form, its public test cards, nothing else."""
