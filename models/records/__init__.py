"""What is typed: kinds of fields, the entry of a complaint, and the record of each transition."""
