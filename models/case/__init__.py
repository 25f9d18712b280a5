"""One case or many, with all that a step must know: clocks, blanks, evidence, who may decide, what is left unsaid."""
