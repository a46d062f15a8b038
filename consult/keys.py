"""Where private signing keys lie: one file each, in a folder that no database or backup holds."""

import stat
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consult.core.signing import Signer, signer_of
from consult.errors import NoSigningKey

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_SUFFIX = ".pem"


class Keyring:
    """The private keys of this deployment, read when first asked for and kept.

    Args:
        folder: Its files are named by their kid; nobody but their owner may read them.
        makes_own: The demo and tests make a key when there is none; production never does.
    """

    def __init__(self, folder: Path, *, makes_own: bool) -> None:
        self.folder = folder
        self.makes_own = makes_own
        self._read: dict[str, Signer] = {}

    def signer(self, kid: str) -> Signer:
        """Return the key of this name.

        Raises:
            NoSigningKey: Its file is not there, others may read it, or it holds another key.
        """
        if kid not in self._read:
            self._read[kid] = self._load(kid)
        return self._read[kid]

    def make(self) -> Signer:
        """Make a key and its file, which only its owner may read."""
        private = Ed25519PrivateKey.generate()
        made = signer_of(private)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.path(made.kid)
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(
            private.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        self._read[made.kid] = made
        return made

    def kids(self) -> list[str]:
        """Return the names of the keys that lie there."""
        return sorted(path.stem for path in self.folder.glob(f"*{_SUFFIX}"))

    def path(self, kid: str) -> Path:
        return self.folder / f"{kid}{_SUFFIX}"

    def faults(self, kid: str | None) -> list[str]:
        """Say what is wrong with the files, and with that of the key in force; mostly nothing."""
        names = {*self.kids(), *([kid] if kid else [])}
        return [found for name in sorted(names) if (found := self.fault(name))]

    def fault(self, kid: str, public_key: str | None = None) -> str | None:
        """Say why the file of one key is of no use now, though it may have been read before.

        Args:
            public_key: What the service says that the key is, in hex.
        """
        try:
            found = self._load(kid)
        except NoSigningKey as missing:
            return str(missing.facts["why"])
        if public_key not in {None, found.public_key}:
            return f"{self.path(kid)} holds another key than the list of keys names"
        return None

    def _load(self, kid: str) -> Signer:
        path = self.path(kid)
        try:
            mode, raw = path.stat().st_mode, path.read_bytes()
        except OSError:
            raise NoSigningKey(kid=kid, why=f"the key file {path} is not there") from None
        if mode & _OTHERS:
            raise NoSigningKey(kid=kid, why=f"others may read {path}; chmod 600 {path} mends it")
        try:
            private = serialization.load_pem_private_key(raw, None)
        except (ValueError, TypeError):
            private = None
        if not isinstance(private, Ed25519PrivateKey):
            raise NoSigningKey(kid=kid, why=f"{path} holds no Ed25519 key")
        found = signer_of(private)
        if found.kid != kid:
            raise NoSigningKey(kid=kid, why=f"{path} holds another key, {found.kid}")
        return found
