"""What the simulated DEV remembers: plain values and their indexes, no behaviour."""
