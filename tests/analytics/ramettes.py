"""The invented scenario of the ramette: sixteen communes, one year, quantities and prices of the order of magnitude of real ones."""

from decimal import Decimal

RAMETTES = {
    "Angoulême": ("211600150", 5200, Decimal("3.42")),
    "La Couronne": ("211601133", 850, Decimal("3.88")),
    "Fléac": ("211601380", 390, Decimal("4.35")),
    "Gond-Pontouvre": ("211601547", 640, Decimal("4.05")),
    "L'Isle-d'Espagnac": ("211601661", 600, Decimal("3.95")),
    "Linars": ("211601877", 210, Decimal("4.79")),
    "Magnac-sur-Touvre": ("211601992", 330, Decimal("4.28")),
    "Mornac": ("211602321", 220, Decimal("4.90")),
    "Nersac": ("211602446", 250, Decimal("4.55")),
    "Puymoyen": ("211602719", 240, Decimal("4.62")),
    "Ruelle-sur-Touvre": ("211602917", 800, Decimal("3.79")),
    "Saint-Michel": ("211603410", 330, Decimal("4.40")),
    "Saint-Saturnin": ("211603485", 120, Decimal("5.35")),
    "Saint-Yrieix": ("211603584", 790, Decimal("3.98")),
    "Soyaux": ("211603741", 1010, Decimal("3.70")),
    "Touvre": ("211603857", 110, Decimal("5.60")),
}
