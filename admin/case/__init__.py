"""One complaint as its page tells it: facts, clocks, history in sentences, the acts that may come next."""
