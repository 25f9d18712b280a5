"""The office: people and units, lists, settings, wording, hours and days off; numbers of persons in what is typed."""
