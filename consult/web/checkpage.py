"""What the page that checks files from disk says, in the language of its reader."""

from typing import Any

from flask_babel import gettext as _


def words() -> dict[str, Any]:
    """Return the sentences that the script of that page needs, those of faults by their names."""
    return {
        "holds": _("All of it holds"),
        "fails": _("Something in it was changed, or is missing. The places are named below."),
        "record": _(
            "The record of {reference}: {entries} entries, every signature and every signed head."
            " Its counts are computed by the command alone: consult tally."
        ),
        "ledger": _("The ledger of {reference}: {entries} entries and every signed head."),
        "receipt": _("The receipt of {member}, version {version}, for {reference}."),
        "nowhere": _("No record was given to find the reply in."),
        "counted": _("The reply is in the ledger and is the one that counts."),
        "superseded": _("The reply is in the ledger; version {superseded_by} took its place."),
        "late": _("The reply is in the ledger as late; it does not count."),
        "not admitted": _("The reply is in the ledger; it was not admitted to the count."),
        "not entitled": _("The reply is in the ledger; its member has no right to vote."),
        "restored": _("It was lost and readmitted from its receipt (entry {restored})."),
        "lapsed": _(
            "It was not confirmed after a revision and says nothing on these items: {lapsed}."
        ),
        "rehearsal": _("This is a rehearsal: it counts for nothing."),
        "held": _("The line of the mail is in it."),
        "given": _("It is signed with the key that you gave, or one for which that key speaks:"),
        "own": _(
            "The key is the file's own. Compare its fingerprint with your letter of invitation, or"
            " ask another Member State for the one in its own:"
        ),
        "unable": _(
            "This browser cannot check signatures (Ed25519), so nothing is checked. Use a newer"
            " one, or the command consult verify."
        ),
        "choose": _("Choose at least one file."),
        "line": _("Give the line as it stands in the mail."),
        "key": _("Give 16 to 64 hex digits of the fingerprint."),
        "checking": _("Checking…"),
        "entry": _("entry {number}"),
        "file": _("the file"),
        "faults": {**_of_files(), **_of_keys(), **_of_ledgers(), **_of_receipts()},
    }


def _of_files() -> dict[str, str]:
    """Return what may be wrong with how a file is written."""
    return {
        "not-json": _("is not JSON"),
        "not-object": _("is not a JSON object"),
        "not-utf-8": _("is not UTF-8"),
        "deep": _("is nested too deeply"),
        "float": _("is a float, which is not allowed"),
        "range": _("is a number out of range"),
        "return": _("holds a carriage return"),
        "nul": _("holds a NUL"),
        "surrogate": _("holds half of a surrogate pair"),
        "name": _("has the name '{name}', which is not allowed"),
        "twice": _("has the name '{name}' twice"),
        "exactly": _("must hold exactly: {names}"),
        "list": _("must be a list"),
        "object": _("must be an object"),
        "shape": _("is not what it must be"),
        "format": _("is of a format that is not known"),
        "countersignature": _(
            "is a countersignature: the command consult verify checks it, this page does not"
        ),
    }


def _of_keys() -> dict[str, str]:
    """Return what may be wrong with keys, or with what they signed."""
    return {
        "unsigned": _(
            "it is not signed: it is of a version before there were keys, or its signatures were"
            " taken away. Nobody can tell whose it is; ask for the file anew"
        ),
        "public-key": _("is not that of the public key"),
        "previous": _("is not the key before it"),
        "key-place": _("is not that of its place"),
        "key-reason": _("does not fit the reason"),
        "key-order": _("is before that of the key before it"),
        "key-signers": _("must be those of the key itself and of the one before it"),
        "key-signature": _("is not the signature of that key"),
        "key-end": _("is not when the next key came into force"),
        "key-next": _("is not what the next key says"),
        "key-foreign": _("is not in the list of keys that was given"),
        "fingerprint": _("none has the fingerprint {fingerprint}: another key signed this"),
        "key-unknown": _("is signed by the key {kid}, which is not among the keys"),
        "signature": _("its signature is not that of the key {kid}"),
        "key-trust": _("is signed by the key {kid}, for which the key that was given cannot speak"),
        "key-early": _("is dated before the key {kid} came into force"),
        "key-replaced": _("is dated after the key {kid} was replaced"),
        "key-revoked": _("is dated after the key {kid} was revoked"),
        "signers": _("must be those of the signers, each once"),
        "signers-twice": _("names one twice"),
        "spelling": _("cannot be spelled in one way"),
    }


def _of_ledgers() -> dict[str, str]:
    """Return what may be wrong with a ledger, or with a record around it."""
    return {
        "empty": _("there is none"),
        "entry-shape": _("is not an entry of the first version"),
        "foreign": _("belongs to another consultation"),
        "number": _("says that it is number {number}"),
        "earlier": _("is earlier than the entry before it"),
        "leaf": _("its leaf is not the hash of what it says"),
        "follow": _("does not follow the entry before it"),
        "head": _("its head is not that of the chain"),
        "many": _("too many faults; the rest is not checked"),
        "short": _("is not in the file, which ends with entry {last}"),
        "head-shown": _("the head that was shown is not in this history"),
        "order": _("is not in the order of numbers and instants"),
        "unsigned-end": _("stands after the last signed head"),
        "signed-cut": _("is not in the file, and its head was signed"),
        "signed-head": _("its head is not the one that was signed"),
        "signed-foreign": _("its checkpoint is that of another consultation"),
        "signed-key": _("its checkpoint is not by the key in force, {kid}"),
        "signed-early": _("its checkpoint is dated before it"),
        "of-ledger": _("is not what the ledger says"),
        "rehearsal": _("is that of a decision, and this is a rehearsal"),
        "sent": _("must hold exactly number, head and at, in the order of numbers"),
        "sent-cut": _("is not in the record, and its head was sent"),
        "sent-head": _("its head is not the one that was sent"),
        "sent-at": _("its instant is not the one that the list of sent heads names"),
        "text-shape": _("must hold a salt of 32 hex digits and a text"),
        "text": _("is not the text that was entered"),
    }


def _of_receipts() -> dict[str, str]:
    """Return what may be wrong with a receipt, or with where it is looked up."""
    return {
        "no-reply": _("is not that of a reply"),
        "no-comments": _("is not that of comments"),
        "of-entry": _("is not what its entry says"),
        "of-receipt": _("is not that of the receipt"),
        "comments": _("are not the comments of the entry, each once"),
        "missing": _("the reply of this receipt is missing in the ledger"),
        "restored": _("does not restore what the receipt says"),
        "receipt-head": _("the head in the receipt is not in this history"),
        "no-ledger": _("is not that of a record or ledger here that holds"),
    }
