"""The dossier: who asks for production, and what people attest, read from `golive.toml` and the files it names.

`load` reads it once, before anything is sent, and refuses what cannot be used in one line with file, line and remedy.
What it gives is kept for the record: statements as models, attached files as bytes.
"""

from golive.dossier.reading import Loaded, load

NAME = "golive.toml"
"""Of the file, where no other is named."""

__all__ = ["NAME", "Loaded", "load"]
