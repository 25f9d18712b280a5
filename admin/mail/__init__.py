"""The mail server: letters that wait are handed to it, and on the terminal it is asked whether it takes one."""
