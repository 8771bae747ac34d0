"""Tests of the views of a record: HTML, JUnit, Markdown, and the published schema."""
