"""What the command prints: verdicts on the standard output, progress and refusals beside it."""

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from api.club.modeles import Depot

CLES_ANOMALIE = ("code", "colonne", "lignes", "lu", "attendu", "message")
ANOMALIES_MONTREES = 12


def dire(texte: str) -> None:
    """Print on the standard output."""
    sys.stdout.write(texte + "\n")
    sys.stdout.flush()


def signaler(texte: str) -> None:
    """Print beside the standard output, so that it is never taken for a result."""
    sys.stderr.write(texte + "\n")
    sys.stderr.flush()


def progres(quoi: str) -> Callable[[int, int | None], None]:
    """A progress line rewritten in place on a terminal, one line every ten seconds elsewhere; nothing for work under a second."""
    debut, dernier = time.monotonic(), time.monotonic()
    pas = 0.2 if sys.stderr.isatty() else 10.0

    def avancer(fait: int, total: int | None) -> None:
        nonlocal dernier
        if time.monotonic() - dernier < pas and fait != total:
            return
        if time.monotonic() - debut < 1.0:
            return
        dernier = time.monotonic()
        part = f" sur {nombre(total)}" if total else ""
        sys.stderr.write(("\r" if sys.stderr.isatty() else "") + f"{quoi} : {nombre(fait)}{part}" + ("" if sys.stderr.isatty() else "\n"))
        if sys.stderr.isatty() and fait == total:
            sys.stderr.write("\n")
        sys.stderr.flush()

    return avancer


def verdict_json(depot: Depot, anomalies: Sequence[Mapping[str, Any]]) -> str:
    """Exactly the keys promised, on one line; `anomalies` are those of lines this dépôt really brings."""
    comptes: dict[str, Any] = depot.comptes or {}
    return json.dumps(
        {
            "depot": depot.id,
            "membre": depot.membre,
            **{cle: comptes.get(cle, 0) for cle in ("lues", "retenues", "a_corriger", "ecartees", "identiques")},
            "anomalies": [{cle: anomalie[cle] for cle in CLES_ANOMALIE} for anomalie in anomalies],
        },
        ensure_ascii=False,
    )


def verdict_lisible(depot: Depot, presentes: Sequence[Mapping[str, Any]]) -> str:
    """The account of a dépôt, then what is to correct, then what was remarked (`presentes`, as `verdict_json`)."""
    comptes: dict[str, Any] = depot.comptes or {}
    verdict: dict[str, Any] = depot.verdict or {}
    lignes = [f"{depot.id} · {depot.nom_fichier} · {_compte(comptes)}"]
    anomalies = sorted(presentes, key=lambda anomalie: not anomalie["bloquante"])
    lignes += [
        f"  {'À corriger' if anomalie['bloquante'] else 'Remarque'} : {anomalie['message']}" for anomalie in anomalies[:ANOMALIES_MONTREES]
    ]
    if len(anomalies) > ANOMALIES_MONTREES:
        lignes.append(f"  … et {len(anomalies) - ANOMALIES_MONTREES} autres causes (toutes avec --json, ou sur la page du dépôt).")
    remarques = [remarque for table in verdict.get("tables", []) for remarque in table["remarques"]] + verdict.get("remarques", [])
    lignes += [f"  {remarque}" for remarque in dict.fromkeys(remarques)]
    return "\n".join(lignes)


def _compte(comptes: dict[str, Any]) -> str:
    textes = [
        f"{nombre(comptes.get(cle, 0))} {_accorder(comptes.get(cle, 0), mots)}"
        for cle, mots in (("retenues", "retenue"), ("a_corriger", "à corriger"), ("ecartees", "écartée"), ("identiques", "identique"))
    ]
    lues = comptes.get("lues", 0)
    return f"{nombre(lues)} {_accorder(lues, 'ligne lue')} : {', '.join(textes)}"


def nombre(valeur: int) -> str:
    """A count with its thousands apart."""
    return f"{valeur:,}".replace(",", "\u202f")


def _accorder(combien: int, mots: str) -> str:
    return mots if combien < 2 or mots.startswith("à ") else " ".join(mot + "s" for mot in mots.split())
