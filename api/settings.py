"""Technical settings only, read from the environment when asked for: nothing legal, nothing of policy."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MEGA = 1024 * 1024
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Settings(BaseSettings):
    """How this installation runs; each field is set by the variable `MERCURIALE_<NAME>`.

    Sizes are in bytes, durations in the unit their name says.
    """

    model_config = SettingsConfigDict(env_prefix="MERCURIALE_", extra="ignore", frozen=True)

    donnees: Path = Path("donnees")
    """The data directory (docs/architecture.md §2)."""
    base_club: str | None = None
    """SQLAlchemy address of the club store; the SQLite file of the data directory when absent."""
    hote: str = "127.0.0.1"
    """Address the service listens on."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    demo: bool = False
    """The demonstration signs in by itself, only when both ends of the connection are this very machine."""
    cookies_securises: bool | None = None
    """Send the session cookie over HTTPS only; None means: always, except when listening on this machine alone."""
    session_heures: Annotated[int, Field(gt=0)] = 12
    """A session dies at this age whatever happens."""
    session_inactivite_heures: Annotated[int, Field(gt=0)] = 2
    """A session dies when nothing was asked for so long."""
    essais_connexion: Annotated[int, Field(gt=0)] = 5
    """Failed sign-ins allowed per account, and ten times as many per address, in the window below."""
    essais_fenetre_minutes: Annotated[int, Field(gt=0)] = 15
    invitation_jours: Annotated[int, Field(gt=0)] = 7
    """An invitation to choose a password dies at this age."""
    taille_max_fichier: Annotated[int, Field(gt=0)] = 300 * MEGA
    """Largest file received."""
    memoire_lecture: Annotated[int, Field(gt=0)] = 4096 * MEGA
    """Address space given to the child process that reads a received file; its threads and libraries reserve two thirds of it at once."""
    duree_lecture_secondes: Annotated[int, Field(gt=0)] = 900
    """Time given to the child process that reads a received file."""
    trace: bool = False
    """Let the command show where the program failed, for who mends it."""
    travailleurs: Annotated[int, Field(ge=0)] = 1
    """Worker processes for long work started by `serve`; 0 runs none (another machine does)."""

    @property
    def sur_cette_machine(self) -> bool:
        """True when the service listens to this machine only."""
        return self.hote in LOOPBACK

    @property
    def cookies_https(self) -> bool:
        """Whether the session cookie may travel over HTTPS only."""
        return not self.sur_cette_machine if self.cookies_securises is None else self.cookies_securises
