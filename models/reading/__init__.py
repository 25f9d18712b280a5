"""What is read of many cases at once: queues, the desk, weeks, books; nothing here writes."""
