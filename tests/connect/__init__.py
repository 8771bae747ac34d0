"""The client: operations, retrying, lost answers, paging, errors, forms, secrets."""
