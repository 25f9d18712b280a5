"""From frozen content to a page: letters, words, templates, the drawn chart, ruled sheets; no PDF bytes yet."""
