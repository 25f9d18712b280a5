"""The procedure alone: sheet, flow, access, rules and clock, without a database."""
