"""What the pengadu is told of his case: in which words, to which address, and when not at all."""
