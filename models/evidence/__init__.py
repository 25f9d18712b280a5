"""Files that come in as evidence: what they must be, and how they are made harmless before they are kept."""
