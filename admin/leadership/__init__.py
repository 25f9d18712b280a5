"""The leadership's page: a month in one sentence, charts with their tables, what is stuck and where."""
