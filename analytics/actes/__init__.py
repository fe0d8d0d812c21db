"""Draft the acts of a groupement from one frozen set of data: same text in DOCX, PDF and on the screen, blanks visible and listed."""

from analytics.actes.redaction import apercu_html, blancs, rediger_bpu_dqe, rediger_convention, rediger_deliberations, rediger_note

__all__ = ["apercu_html", "blancs", "rediger_bpu_dqe", "rediger_convention", "rediger_deliberations", "rediger_note"]
