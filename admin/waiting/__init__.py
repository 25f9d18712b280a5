"""What waits for whom: the queues of the start pages and the overview beside them; deciding is the desk's."""
