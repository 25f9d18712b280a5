"""What is read of many cases: queues, recap, compliance, e-mails to staff."""
