"""The SOP: the signed procedure as data, its rules, access rights and working-time clock. No Flask, no Peewee."""
