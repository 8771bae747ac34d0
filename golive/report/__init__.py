"""Views of a record: HTML for people, JUnit XML for CI, Markdown for a comment. Each reads evidence, nothing else."""

from golive.report.html import render_html
from golive.report.junit import render_junit
from golive.report.markdown import render_markdown

__all__ = ["render_html", "render_junit", "render_markdown"]
