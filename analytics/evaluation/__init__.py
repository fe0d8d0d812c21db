"""How right the comparison of lines is, against an answer key: packaging, familles, articles, fournisseurs."""

from analytics.evaluation.evaluation import CIBLES, REGLAGE, Evaluation, Mesure, dire_mesures, evaluer, evaluer_cas

__all__ = ["CIBLES", "REGLAGE", "Evaluation", "Mesure", "dire_mesures", "evaluer", "evaluer_cas"]
