"""The ground floor: the signed procedure as data, its rules, its rights and its clock. No Flask, no Peewee."""
