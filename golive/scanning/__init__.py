"""Is the token kept safe, as far as a program can see: a source tree, a built frontend or a web page looked through for
secrets that must not lie there.

What is found is named by file and line, never by itself. `scan_tree` reads files, `scan_page` a page with its scripts.
"""

from golive.scanning.page import PageBounds, scan_page
from golive.scanning.tree import TreeBounds, scan_tree

__all__ = ["PageBounds", "TreeBounds", "scan_page", "scan_tree"]
