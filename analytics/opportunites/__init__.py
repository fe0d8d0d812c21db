"""Say what is worth buying together: a rank computed from data, the net gain with its assumptions, who wins and who loses."""

from analytics.opportunites.classement import classer
from analytics.opportunites.modele import (
    Assiette,
    Gain,
    Hypotheses,
    Note,
    Opportunite,
    PartMembre,
)
from analytics.opportunites.simulation import Achat, Simulation, simuler

__all__ = ["Achat", "Assiette", "Gain", "Hypotheses", "Note", "Opportunite", "PartMembre", "Simulation", "classer", "simuler"]
