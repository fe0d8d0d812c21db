"""`python -m analytics.evaluation [vocabulaire] [graine]`: the report on seen and unseen data, then under harder writing."""

import sys

from analytics.evaluation.evaluation import evaluer

_DURCISSEMENTS = (
    ("libellés coupés à 40 capitales", {"coupees": 1.0, "coupe": 40}),
    ("fautes de frappe dans un libellé sur cinq", {"fautes": 0.2}),
    ("sans code CPV ni compte", {"cpv": 0.0, "compte": 0.0}),
    ("sans SIRET", {"siret": 0.0}),
)


def main() -> None:
    """Print the reports; `python -m analytics.evaluation v3 7` for one vocabulary and one seed."""
    vocabulaires = sys.argv[1:2] or ["v1", "v2", "v3", "v4"]
    graine = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    for vocabulaire in vocabulaires:
        sys.stdout.write(evaluer(graine, vocabulaire).dire() + "\n\n")
    for titre, degradations in _DURCISSEMENTS:
        sys.stdout.write(f"{titre}\n{evaluer(graine, vocabulaires[-1], degradations=degradations).dire()}\n\n")


if __name__ == "__main__":
    main()
