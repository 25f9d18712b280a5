"""What is found by what somebody types, and within which scope."""
