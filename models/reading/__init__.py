"""What is read of many cases: queues, the desk, recap, compliance, books, and the letters to staff about them."""
