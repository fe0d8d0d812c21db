"""The words of the trade, once: column names, states and natures used by every other module.

French nouns are those of `README.md`, section « The words ». This module imports nothing of ours.
"""

from enum import StrEnum

# Where a line comes from. `LIGNE` is the number the person sees in her own software (1 = first row of the sheet,
# or line number BT-126 of an invoice); `ORIGINE` names the sheet, or the file inside an archive ("" when there is only one).
DEPOT = "depot"
LIGNE = "ligne"
ORIGINE = "origine"


class Statut(StrEnum):
    """What became of one read line. The four add up to the lines read."""

    RETENUE = "retenue"
    A_CORRIGER = "a_corriger"
    ECARTEE = "ecartee"  # set aside by a named rule (total, repeated header, withdrawn…)
    IDENTIQUE = "identique"  # already in a published dépôt of this membre


class Nature(StrEnum):
    """What a line of purchase is. Only an ACHAT makes a price; AVOIR nets off quantities and amounts; MANDAT has no quantity."""

    ACHAT = "achat"
    AVOIR = "avoir"
    MANDAT = "mandat"  # an amount without quantity: feeds the cartography of spend only


class BaseTaxe(StrEnum):
    """Tax basis of the prices a file gives."""

    HT = "ht"
    TTC = "ttc"


class NatureMembre(StrEnum):
    """Legal kind of a membre: decides which organ votes and what its délibération looks like."""

    COMMUNE = "commune"
    EPCI = "epci"
    CCAS = "ccas"
    SYNDICAT = "syndicat"
    AUTRE = "autre"


class Role(StrEnum):
    """What an account is for. A role is held for one membre, except ANIMATRICE and ADMINISTRATEUR, held for the club."""

    SECRETAIRE = "secretaire"
    ELU = "elu"
    ANIMATRICE = "animatrice"
    ADMINISTRATEUR = "administrateur"


FAMILLE_A_CLASSER = "A_CLASSER"
