"""What counts as proof, and whether whatever is done to it behind the panel's back is found."""
