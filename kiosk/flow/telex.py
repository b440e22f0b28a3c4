"""Vietnamese as people type it with Telex: the text so far and the next key give the next text; pure.

    aa ee oo dd → â ê ô đ       aw ow uw w → ă ơ ư ư       s f r x j → the tone, z → none

A key works on the whole syllable, so that marks and tones may be typed at its end (dduongwf → đường). The same key
again takes the mark back and stands for itself (ass → as). Tones stand where most people write them: hòa, thủy, not
hoà, thuỷ.
Keys that make no Vietnamese syllable stand for themselves, so that other words and numbers can be typed as they are.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from kiosk.flow.diacritics import ACUTE, DOT, GRAVE, HOOK, TILDE, bare, untoned

_TONE_KEYS = {"f": GRAVE, "s": ACUTE, "x": TILDE, "r": HOOK, "j": DOT}
_NO_TONE_KEY = "z"
_VOWELS = "aăâeêioôơuưy"
_MARKED = "ăâêôơư"
_STOPS = ("p", "t", "c", "ch")
_ONSET_TABLE = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RIME_TABLE = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et êc êch êm ên êng ênh êp êt êu
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op
    ot ôc ôi ôm ôn ông ôp ôt ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc uê uêch uênh uêu ui um un ung uôc uôi uôm uôn uông uôt uơ up ut
    uy uya uych uyên uyêt uyn uynh uyp uyt uyu
    ưa ưc ưi ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
    y ych yêm yên yêng yêt yêu ynh yt
"""
_ONSETS = frozenset(("", *_ONSET_TABLE.split()))
_RIMES = frozenset(_RIME_TABLE.split())
_RIME_LETTERS = frozenset("".join(_RIMES))
_BEGUN = frozenset(rime[:length] for rime in _RIMES for length in range(1, len(rime) + 1))
_BEGUN_BARE = frozenset(bare(rime) for rime in _BEGUN)
"""Rimes whose marks are still to come."""
_CHANGES = {
    "a": (("a", "â"), ("ă", "â")),
    "e": (("e", "ê"),),
    "o": (("ươ", "uô"), ("o", "ô"), ("ơ", "ô")),
    "w": (
        ("uo", "ươ"), ("ưo", "ươ"), ("uô", "ươ"), ("a", "ă"), ("â", "ă"), ("o", "ơ"), ("ô", "ơ"), ("u", "ư"),
    ),
}  # fmt: skip
_MADE = {"a": "â", "e": "ê", "o": "ô", "w": "ăơư"}
_STROKES = {"d": "đ", "D": "Đ"}
_UNSTROKES = {"đ": "d", "Đ": "D"}
_LAST_WORD = re.compile(r"[^\W\d_]*\Z")


def type_key(text: str, key: str) -> str:
    """Give the text after a key (one character, in either case); a key that is no letter is put at its end."""
    text = unicodedata.normalize("NFC", text)
    start = _last_word(text)
    return text[:start] + _in_word(text[start:], key)


def erase(text: str) -> str:
    """Give the text without its last letter; the tone stays in the word as long as there is a place for it."""
    text = unicodedata.normalize("NFC", text)[:-1]
    start = _last_word(text)
    return text[:start] + _placed_again(text[start:])


def compose(keys: str) -> str:
    """Give the text that keys make, one after another."""
    text = ""
    for key in keys:
        text = type_key(text, key)
    return text


def _last_word(text: str) -> int:
    found = _LAST_WORD.search(text)
    return found.start() if found else len(text)


def _in_word(word: str, key: str) -> str:
    low = key.lower()
    changed: str | None = None
    if low in _TONE_KEYS or low == _NO_TONE_KEY:
        changed = _tone(word, key)
    elif low == "d":
        changed = _stroke(word, key)
    elif low in _CHANGES:
        changed = _mark(word, key)
    return _placed_again(word + key) if changed is None else changed


# ---- the keys; each gives None when it only stands for itself ----


def _tone(word: str, key: str) -> str | None:
    letters, old = untoned(word)
    parts = split(letters)
    if parts is None:
        return None
    wanted = _TONE_KEYS.get(key.lower(), "")
    if old == wanted:
        return letters + key if old else None
    if wanted not in {"", ACUTE, DOT} and parts[2].lower() in _STOPS:
        return None
    return _with_tone(letters, wanted)


def _stroke(word: str, key: str) -> str | None:
    first, rest = word[:1], word[1:]
    if rest and split(untoned(word)[0]) is None:
        return None
    if first in _STROKES:
        return _STROKES[first] + rest
    return _UNSTROKES[first] + rest + key if first in _UNSTROKES else None


def _mark(word: str, key: str) -> str | None:
    letters, tone = untoned(word)
    if key.lower() == "w" and _bare_onset(letters):
        return word + ("ư" if key == "w" else "Ư")
    parts = split(letters)
    if parts is None:
        return None
    onset, rime = parts[0], parts[1] + parts[2]
    changed = _changed(rime.lower(), key.lower())
    if changed is not None:
        return _with_tone(onset + _in_case(changed, rime), tone)
    return _unmarked(onset, rime, key, tone)


def _changed(rime: str, key: str) -> str | None:
    """Give the rime with the mark that a key makes in it; None when that is no beginning of a rime."""
    if key == "w" and rime == "uo":
        return "uơ"
    for there, made in _CHANGES[key]:
        marked = rime.replace(there, made, 1)
        if there in rime and marked in _BEGUN:
            return marked
    return None


def _unmarked(onset: str, rime: str, key: str, tone: str) -> str | None:
    """Take the mark of a key back, and let the key stand for itself."""
    made = _MADE[key.lower()]
    if not any(letter in made for letter in rime.lower()):
        return None
    if key.lower() == "w" and rime.lower() == "ư":
        # Nobody needs "uw": who types w twice wants a w, as in "web".
        return onset + key
    plain = "".join(bare(letter) if letter in made else letter for letter in rime.lower())
    return _with_tone(onset + _in_case(plain, rime), tone) + key


# ---- a syllable and its tone ----


@lru_cache(maxsize=2048)
def split(letters: str) -> tuple[str, str, str] | None:
    """Give onset, vowels and coda of a syllable without its tone, marks may be missing; None for anything else."""
    low = letters.lower()
    for length in (3, 2, 1, 0):
        onset, rime = low[:length], low[length:]
        if len(onset) == length and onset in _ONSETS and _is_rime(rime):
            vowels = len(rime) - len(rime.lstrip(_VOWELS))
            return letters[:length], letters[length : length + vowels], letters[length + vowels :]
    return None


def _is_rime(rime: str) -> bool:
    return bare(rime) in _BEGUN_BARE and _RIME_LETTERS.issuperset(rime)


def _bare_onset(letters: str) -> bool:
    return letters.lower() in _ONSETS or letters.lower() == "q"


def _with_tone(letters: str, tone: str) -> str:
    parts = split(letters)
    if parts is None or not tone:
        return letters
    at = len(parts[0]) + _toned_vowel(parts[1].lower(), bool(parts[2]))
    return letters[:at] + unicodedata.normalize("NFC", letters[at] + tone) + letters[at + 1 :]


def _toned_vowel(vowels: str, closed: bool) -> int:  # noqa: FBT001 - with or without a coda
    """Give which of the vowels of a syllable bears the tone."""
    marked = [at for at, vowel in enumerate(vowels) if vowel in _MARKED]
    if marked:
        return marked[-1]
    if len(vowels) == 1:
        return 0
    return 1 if closed or len(vowels) > 2 else 0


def _placed_again(word: str) -> str:
    """Put the tone where it belongs, once a letter was added or taken; uơ goes on as ươ."""
    letters, tone = untoned(word)
    parts = split(letters)
    if parts is None:
        return word
    onset, rime = parts[0], parts[1] + parts[2]
    if rime.lower().startswith("uơ") and len(rime) > len("uơ"):
        letters = onset + _in_case("ươ" + rime[2:].lower(), rime)
    return _with_tone(letters, tone)


def _in_case(changed: str, before: str) -> str:
    """Give letters in the case of those that stood in their places."""
    return "".join(new.upper() if old.isupper() else new for new, old in zip(changed, before, strict=True))
