"""Reading of received files."""
