"""Texts that people read: pages, fragments and acts. Nothing is computed here."""
