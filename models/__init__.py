"""The records of the office as Peewee models, and the only code that changes a complaint's state. No Flask."""
