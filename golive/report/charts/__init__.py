"""Small inline SVG charts: drawn from the record, styled by the page, each with its text alternative."""
