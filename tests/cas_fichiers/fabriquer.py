"""Write the files of `fichiers/` again: run `python -m tests.cas_fichiers.fabriquer` from the root after adding a case here.

`xls_biff.xls` and `calc.ods` are converted from `classeur.xlsx` by LibreOffice when it is installed, and left as they are when not.
"""

import shutil
import subprocess
from pathlib import Path

from tests.cas_fichiers.fabrique_archives import archives
from tests.cas_fichiers.fabrique_classeurs import classeurs
from tests.cas_fichiers.fabrique_factures import factures
from tests.cas_fichiers.fabrique_textes import textes

DOSSIER = Path(__file__).parent / "fichiers"


def main() -> None:
    DOSSIER.mkdir(exist_ok=True)
    for nom, contenu in {**textes(), **factures()}.items():
        (DOSSIER / nom).write_bytes(contenu)
    classeurs(DOSSIER)
    archives(DOSSIER)
    if shutil.which("soffice"):
        for extension, nom in (("xls", "xls_biff.xls"), ("ods", "calc.ods")):
            subprocess.run(
                ["soffice", "--headless", "--convert-to", extension, "--outdir", str(DOSSIER / "tmp"), str(DOSSIER / "classeur.xlsx")],
                check=True,
            )
            (DOSSIER / "tmp" / f"classeur.{extension}").replace(DOSSIER / nom)
        shutil.rmtree(DOSSIER / "tmp")


if __name__ == "__main__":
    main()
