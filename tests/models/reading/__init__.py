"""What is read of many cases: queues, recap, compliance, letters to staff."""
