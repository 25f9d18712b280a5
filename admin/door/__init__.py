"""Who may come in, to which page and which rows, and what an address may say; nothing that is shown."""
