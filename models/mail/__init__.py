"""Letters by e-mail: what an address may be, which server takes them, what it said of each, and how many one gets."""
