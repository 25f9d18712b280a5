"""A passkey in place of a code: where one can be asked for, the question of a page's script, and its answer."""
