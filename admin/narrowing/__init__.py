"""What lists are narrowed by of the case behind each row: the same filters on every list that tells of cases."""
