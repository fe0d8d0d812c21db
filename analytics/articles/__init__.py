"""Articles: lines that designate the same comparable thing are brought together, automatically when sure, by a person otherwise."""

from analytics.articles.evidence import affiner_contenus
from analytics.articles.questions import Question
from analytics.articles.rapprochement import Bande, Memoire, Rapprochement, rapprocher

__all__ = ["Bande", "Memoire", "Question", "Rapprochement", "affiner_contenus", "rapprocher"]
