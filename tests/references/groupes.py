"""The groups of lines to correct, one line after another: the boring twin of `api.services.propositions.groupes_de_fautes`."""

from collections.abc import Sequence

from api.club.modeles import Depot
from api.services.lignes_depot import LigneEnAttente, champs_de
from api.services.propositions import EXEMPLES, GROUPES_MAX, INCOHERENTS, PROPRES_A_LA_LIGNE, Groupe, cle_de_groupe


def groupes_de_fautes(depot: Depot, lignes: Sequence[LigneEnAttente]) -> list[Groupe]:
    """The groups among the lines that wait, those of most lines first, at most `GROUPES_MAX`.

    A line alone in its group is left to be corrected in place, unless its amount can be computed.
    """
    champs = champs_de(depot)
    reunies: dict[tuple[bool, str, str], list[LigneEnAttente]] = {}
    for ligne in lignes:
        for defaut in ligne.defauts:
            if defaut.colonne not in champs:
                continue
            recalcul = defaut.code in INCOHERENTS and champs[defaut.colonne].startswith("montant")
            if recalcul or defaut.code not in INCOHERENTS:
                lu = "" if recalcul else ligne.cellules.get(defaut.colonne, "")
                groupe = reunies.setdefault((recalcul, defaut.colonne, lu), [])
                if not groupe or groupe[-1] is not ligne:  # two causes may blame one cell
                    groupe.append(ligne)
    formes = [
        Groupe(
            cle=cle_de_groupe("faute", str(recalcul), entete, lu),
            entete=entete,
            lu=lu,
            recalcul=recalcul,
            # An empty cell has no value a rule could name: its lines are written one by one.
            champ=champs[entete] if lu and not recalcul else None,
            cellules=tuple((ligne.origine, ligne.ligne) for ligne in fautives),
            exemples=tuple(dict.fromkeys(_libelle(ligne, champs) for ligne in fautives if _libelle(ligne, champs)))[:EXEMPLES],
        )
        for (recalcul, entete, lu), fautives in reunies.items()
    ]
    utiles = [groupe for groupe in formes if groupe.recalcul or (len(groupe.cellules) > 1 and _peut_etre_commune(groupe, champs))]
    return sorted(utiles, key=lambda groupe: -len(groupe.cellules))[:GROUPES_MAX]


def _peut_etre_commune(groupe: Groupe, champs: dict[str, str]) -> bool:
    champ = champs[groupe.entete]
    return bool(groupe.lu) or not (champ in PROPRES_A_LA_LIGNE or champ.startswith(("prix", "montant")))


def _libelle(ligne: LigneEnAttente, champs: dict[str, str]) -> str:
    return next((ligne.cellules.get(entete, "") for entete, champ in champs.items() if champ == "libelle"), "")
