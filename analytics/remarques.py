"""What the nomenclature notes of a famille, as people read it on a page or in an act."""

import re


def dire_remarque(remarque: str) -> str:
    """What the nomenclature notes of a famille, without the words of those who drew it up (« Noyau », « Extension », « cas A3V »)."""
    sans_code = re.sub(r"^(Noyau|Extension)\.\s*", "", remarque)
    sans_cas = re.sub(r"(Cas A3V|Cité au forum A3V)(\.\s*|\s*[:,]\s*)", "", sans_code)
    phrases = re.sub(r"(?<=\. )[a-zà-ÿ]", lambda debut: debut[0].upper(), sans_cas)
    return re.sub(r"^Groupement\s*:\s*", "intérêt à acheter ensemble : ", phrases).strip()
