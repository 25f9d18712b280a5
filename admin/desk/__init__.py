"""The start pages' queues and cards, and Meja Persetujuan."""
