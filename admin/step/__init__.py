"""The one page on which a step is taken, for one complaint or many; what the step does is a floor below."""
