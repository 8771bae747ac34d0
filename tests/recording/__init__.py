"""The record: redaction, order, contexts, and the transport that keeps it."""
