"""Invented purchases of real communes, and the truth about them: see `README.md` here."""
