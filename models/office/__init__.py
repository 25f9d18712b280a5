"""The office: users and units, lists, settings, wording, calendar; masking of personal numbers in typed text."""
