"""Letters: mail to one person each, written down before it is sent, and sent once."""

from domains.letters.delivering import DELIVER_LETTER, FORGET_LETTER, Delivering
from domains.letters.model import Letter, LetterCall
from domains.letters.ports import LetterBook, Post
from domains.letters.raised import RaisedLetters
from domains.letters.sending import Errand, Sending, write_down

__all__ = [
    "DELIVER_LETTER",
    "FORGET_LETTER",
    "Delivering",
    "Errand",
    "Letter",
    "LetterBook",
    "LetterCall",
    "Post",
    "RaisedLetters",
    "Sending",
    "write_down",
]
