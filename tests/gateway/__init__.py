"""The gateway between a backend and DEV: what passes, what is answered in DEV's place, what is left open."""
