"""The first floor: the records of the office and the one function that moves a complaint. No Flask."""
