"""Refusal: the base of errors that a person can mend, and the system's errors in French."""

import errno
import socket

# The system says the others in its own language, which is better than nothing.
_CAUSES = {
    errno.ENOENT: "ce fichier ou ce dossier n'existe pas",
    errno.EACCES: "l'accès est refusé",
    errno.EPERM: "l'accès est refusé",
    errno.EROFS: "ce disque est en lecture seule",
    errno.ENOSPC: "le disque est plein",
    errno.EFBIG: "le fichier dépasse la taille permise",
    errno.EEXIST: "un fichier porte déjà ce nom",
    errno.ENOTDIR: "un fichier se trouve là où il faut un dossier",
    errno.EISDIR: "un dossier se trouve là où il faut un fichier",
    errno.EADDRINUSE: "un autre programme y écoute déjà",
    errno.EADDRNOTAVAIL: "cette adresse n'est pas celle de cette machine",
}


class Refusal(Exception):
    """Something cannot be done as asked. The message says what, where and how to mend it, in French."""


def explain_os_error(error: OSError) -> str:
    """Why the system refused, in French when the cause is a common one."""
    if isinstance(error, socket.gaierror):
        return "cette adresse n'existe pas"
    return _CAUSES.get(error.errno or 0, error.strerror or str(error))
