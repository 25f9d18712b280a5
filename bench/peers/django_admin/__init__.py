"""Django admin, with its own accounts and permissions, as in its documentation."""
