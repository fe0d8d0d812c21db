"""Definitions of the tables we exchange with people: the same YAML validates, documents, and makes the template."""
