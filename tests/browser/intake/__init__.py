"""Taking down by clicking: the form and its sections, drafts of a tab, a file brought in."""
