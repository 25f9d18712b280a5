"""What is found by what somebody types: kept in step with the rows by their writer, and asked within one's scope."""
