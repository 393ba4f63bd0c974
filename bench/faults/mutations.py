"""Files as no program writes them: good ones, changed at random in ways that have hurt readers before."""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib

# Put where something else stood: what is too much, too deep, not text, not a number, or leads elsewhere.
TOKENS = (
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\r", b"\n\n", b"\"", b"'", b"'''", b"\\", b"{",
    b"}" * 50, b"[" * 3000, b"{\"a\":" * 2000, b"9" * 5000, b"-1", b"-0", b"1e999", b"nan", b"inf", b"0x",
    b"\xc2\xb2", b"true", b"null", b"../../x", b"/etc/passwd", b"C:\\x", b"javascript:alert(1)", b"http://[::1",
    b"=1+1", b"%PDF-1.7", b"PK\x03\x04", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"<a>" * 500, b"]]>", b"\x1b[31m",
    b"\xe2\x80\xae", b"10.1000/" + b"(" * 300, b"obj", b"endobj", b"stream\n", b"/Kids[3 0 R 2 0 R]", b"/Length -5",
    b"/Filter/FlateDecode", b"0 0 R", b"2147483648", b"99999-13-45", b"0000-00-00", b"9999-12-31T23:59:59+24:00",
    b"\\" * 400, b"{\\" * 300, b"a" * 70_000, b"\x85", b"\xe2\x80\xa8",
)  # fmt: skip
_WORD = re.compile(rb"[A-Za-z0-9_.:/-]+|[^A-Za-z0-9\s]")
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def mutated(data: bytes, dice: random.Random, others: tuple[bytes, ...] = ()) -> bytes:
    """`data` with a few changes. An archive is changed inside as often as outside, a PDF in its streams too."""
    if data[:2] == b"PK" and dice.random() < 0.6:
        return _archive(data, dice)
    if data[:5] == b"%PDF-" and dice.random() < 0.3:
        return _stream(data, dice)
    for _ in range(dice.choice((1, 1, 1, 2, 3, 8))):
        data = dice.choice(_CHANGES)(data, dice)
    if others and dice.random() < 0.1:
        data = data[: dice.randrange(len(data) + 1)] + dice.choice(others)[dice.randrange(20) :]
    return data


def _flip(data: bytes, dice: random.Random) -> bytes:
    if not data:
        return data
    place = dice.randrange(len(data))
    return data[:place] + bytes([dice.randrange(256)]) + data[place + 1 :]


def _cut_out(data: bytes, dice: random.Random) -> bytes:
    start, end = _span(data, dice)
    return data[:start] + data[end:]


def _repeat(data: bytes, dice: random.Random) -> bytes:
    start, end = _span(data, dice)
    return data[:end] + data[start:end] * dice.choice((1, 1, 2, 20)) + data[end:]


def _break_off(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def _put_in(data: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(data) + 1)
    return data[:place] + dice.choice(TOKENS) + data[place:]


def _other_word(data: bytes, dice: random.Random) -> bytes:
    """Another token where a word of the file stood: mostly such a file is still one of its kind."""
    words = list(_WORD.finditer(data[:200_000]))
    if not words:
        return _put_in(data, dice)
    word = dice.choice(words)
    put = dice.choice(TOKENS) if dice.random() < 0.7 else dice.choice(words)[0]
    return data[: word.start()] + put + data[word.end() :]


def _move_line(data: bytes, dice: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    dice.shuffle(lines) if dice.random() < 0.2 else lines.insert(
        dice.randrange(len(lines) + 1), dice.choice(lines or [b""])
    )
    return b"".join(lines)


def _in_utf16(data: bytes, _dice: random.Random) -> bytes:
    return data.decode("utf-8", "replace").encode("utf-16")


def _span(data: bytes, dice: random.Random) -> tuple[int, int]:
    start = dice.randrange(len(data) + 1)
    return start, min(len(data), start + dice.choice((1, 4, 30, 300, 5000)))


_CHANGES = (_flip, _cut_out, _repeat, _break_off, _put_in, _other_word, _other_word, _other_word, _move_line, _in_utf16)


def _archive(data: bytes, dice: random.Random) -> bytes:
    """One of the files in an archive is another, goes by another name, or comes twice."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as before:
            members = [(name, before.read(name)) for name in before.namelist()]
    except (zipfile.BadZipFile, OSError, zlib.error):
        return _flip(data, dice)
    place = dice.randrange(len(members))
    name, content = members[place]
    how = dice.random()
    if how < 0.8:
        members[place] = name, mutated(content, dice)
    elif how < 0.9:
        members[place] = dice.choice(("../" + name, "/" + name, name.upper(), name + "\n", "x")), content
    else:
        members.pop(place)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        for name, content in members:
            after.writestr(zipfile.ZipInfo(name), content)
    return made.getvalue()


def _stream(data: bytes, dice: random.Random) -> bytes:
    """A stream of a PDF unpacked, changed, and put back as it is: what it says is changed, not only its packing."""
    streams = list(_STREAM.finditer(data))
    if not streams:
        return _flip(data, dice)
    one = dice.choice(streams)
    try:
        plain = zlib.decompress(one[1])
    except zlib.error:
        plain = one[1]
    changed = mutated(plain, dice)
    packed = zlib.compress(changed) if plain is not one[1] else changed
    return data[: one.start(1)] + packed + data[one.end(1) :]
