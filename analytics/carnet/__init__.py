"""The small tables that pages read, held in memory as they stand in one version of the observatoire: one page, no query.

What it gives of other members leaves through `analytics.diffusion`, as the queries under `analytics/prix/` do: each answer equals theirs
(`tests/analytics/carnet/`).
"""

from analytics.carnet.carnet import Carnet
from analytics.carnet.garde import carnet_de, carnet_pret

__all__ = ["Carnet", "carnet_de", "carnet_pret"]
