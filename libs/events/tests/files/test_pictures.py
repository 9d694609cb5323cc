"""Pictures are stored to their first end, with every pixel and without what tells about people."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps, ImageSequence

from zugabe_events.files.kinds import CheckedPicture, checked_file, checked_picture
from zugabe_events.files.picture import MAX_FRAMES
from zugabe_events.files.refusals import FileRefusedError
from zugabe_testing.pictures import blocks, chunk, gif, jpeg, png, segment

DATA = Path(__file__).parent / "data"
ACROPALYPSE = (DATA / "40-acropalypse.png").read_bytes()
PADDED = (DATA / "42-jpeg-padded.jpg").read_bytes()
TWO_JPEGS = (DATA / "44-jpeg-second-picture-behind.jpg").read_bytes()

FILM = struct.pack(">I", 24) + b"ftypmp42\0\0\0\0isommp42" + bytes(5_000)
SAMSUNG = b"\0\0\x01\x0a\x0e\0\0\0Image_UTC_Data1717171717171SEFHk\0\0\0\x01\0\0\0SEFT"

MAKER = "Kamerahersteller"
GPS = {1: "N", 2: (50.0, 56.0, 12.0), 3: "E", 4: (6.0, 57.0, 30.0)}


def photo(form: str = "JPEG", orientation: int | None = None, **options: object) -> bytes:
    """As a phone takes it: with its maker, the place, and a thumbnail."""
    picture = Image.linear_gradient("L").resize((24, 16)).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = MAKER
    if orientation:
        exif[0x0112] = orientation
    exif.get_ifd(0x8825).update(GPS)
    written = BytesIO()
    picture.save(written, form, exif=exif, **options)
    return written.getvalue()


def pixels(content: bytes) -> list[tuple[int, int, bytes]]:
    """Every frame as it is shown."""
    with Image.open(BytesIO(content)) as picture:
        frames = [frame.convert("RGBA") for frame in ImageSequence.Iterator(picture)]
        return [(*frame.size, frame.tobytes()) for frame in map(ImageOps.exif_transpose, frames)]


def refused(content: bytes) -> str:
    with pytest.raises(FileRefusedError) as caught:
        checked_picture(content)
    return caught.value.code


def stored(content: bytes) -> CheckedPicture:
    """What is stored is stored as it is when it comes again."""
    picture = checked_picture(content)
    assert checked_picture(picture.file.content) == picture
    return picture


PICTURES = [png(9, 5), jpeg(9, 5), gif(9, 5, 2), photo(), photo(progressive=True), photo("PNG")]


@pytest.mark.parametrize("content", [png(690, 40), jpeg(690, 40), gif(690, 40, 3)])
def test_a_plain_picture_stays_as_it_is(content: bytes) -> None:
    picture = stored(content)
    assert picture.file.content == content
    assert (picture.width, picture.height) == (690, 40)
    assert all(frame[:2] == (690, 40) for frame in pixels(content))


def test_of_a_cropped_screenshot_the_old_pixels_are_cut_off() -> None:
    """F1"""
    picture = stored(ACROPALYPSE)
    assert (picture.width, picture.height) == (60, 40)
    end = ACROPALYPSE.index(b"IEND") + 8
    assert end < len(ACROPALYPSE) - 10_000
    assert picture.file.content == ACROPALYPSE[:end]
    assert pixels(picture.file.content) == pixels(ACROPALYPSE)
    assert checked_file(ACROPALYPSE, "bild.png") == picture.file


def test_of_two_pictures_in_one_file_the_first_is_stored() -> None:
    """F1"""
    first = TWO_JPEGS[: TWO_JPEGS.index(b"\xff\xd9") + 2]
    assert TWO_JPEGS.count(b"\xff\xd9") == 2
    assert stored(TWO_JPEGS).file.content == stored(first).file.content == first


@pytest.mark.parametrize("content", PICTURES)
@pytest.mark.parametrize(
    "behind",
    [b"\0", bytes(4_096), b"\xff" * 16, FILM, SAMSUNG, b"MotionPhoto_Data" + FILM, jpeg(3), png(3)],
)
def test_what_phones_and_cameras_put_behind_a_picture_is_cut_off(
    content: bytes, behind: bytes
) -> None:
    """F1, F2"""
    assert stored(content + behind) == stored(content)


def test_padding_behind_the_end_is_cut_off() -> None:
    """F2"""
    content = stored(PADDED).file.content
    assert content == PADDED.rstrip(b"\0")
    assert content.endswith(b"\xff\xd9")


@pytest.mark.parametrize("content", PICTURES)
@pytest.mark.parametrize(
    "behind",
    [
        b"<script>alert(1)</script>",
        b"\n\n<!DOCTYPE html><html></html>",
        b"\xef\xbb\xbf<svg onload=alert(1)>",
        b"\0\0#!/bin/sh\n",
        b"%PDF-1.4\n%%EOF",
        b"\r\n" * 20 + b"%PDF-1.4\n%%EOF",
    ],
)
def test_a_page_or_a_document_behind_a_picture_is_refused(content: bytes, behind: bytes) -> None:
    """F3"""
    assert refused(content + behind) == "file-type-mismatch"


@pytest.mark.parametrize("orientation", [None, *range(1, 9)])
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_place_and_maker_are_left_out_and_how_it_is_turned_stays(
    form: str, orientation: int | None
) -> None:
    """F5"""
    content = photo(form, orientation)
    with Image.open(BytesIO(content)) as before:
        assert before.getexif().get_ifd(0x8825)
        assert before.getexif()[0x010F] == MAKER
    picture = stored(content)
    with Image.open(BytesIO(picture.file.content)) as after:
        assert dict(after.getexif()) == ({0x0112: orientation} if (orientation or 1) > 1 else {})
        assert not after.getexif().get_ifd(0x8825)
        assert after.tobytes() == Image.open(BytesIO(content)).tobytes()
        assert (picture.width, picture.height) == ImageOps.exif_transpose(after).size
    assert MAKER.encode() not in picture.file.content
    sideways = orientation in (5, 6, 7, 8)
    assert (picture.width, picture.height) == ((16, 24) if sideways else (24, 16))


def test_metadata_of_jpegs_are_left_out_and_colours_stay() -> None:
    """F5: also thumbnails, which may show what was cropped."""
    thumbnail = b"Exif\0\0II*\0" + bytes(8) + jpeg(8, 8)
    metadata = [
        segment(0xE0, b"JFXX\0\x10" + jpeg(8, 8)),
        segment(0xE1, thumbnail),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>Anna Muster</x:xmpmeta>"),
        segment(0xE2, b"MPF\0II*\0" + bytes(20)),
        segment(0xED, b"Photoshop 3.0\x008BIM" + b"Anna Muster"),
        segment(0xFE, b"Anna Muster"),
        segment(0xEF, b"Anna Muster"),
    ]
    profile = segment(0xE2, b"ICC_PROFILE\0\x01\x01" + bytes(128))
    adobe = segment(0xEE, b"Adobe\0\x64\0\0\0\0\0")
    content = stored(jpeg(9, 5, *metadata, profile, adobe)).file.content
    assert content == jpeg(9, 5, profile, adobe)
    assert pixels(content) == pixels(jpeg(9, 5))


def test_the_thumbnail_in_the_head_of_a_jpeg_is_left_out() -> None:
    """F5"""
    head = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
    with_thumbnail = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x02\x02" + bytes(12))
    assert stored(jpeg(9, 5).replace(head, with_thumbnail)).file.content == jpeg(9, 5)


def test_texts_and_times_of_pngs_are_left_out_and_colours_stay() -> None:
    """F5"""
    texts = [
        chunk(b"tEXt", b"Author\0Anna Muster"),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta>Anna Muster</x:xmpmeta>"),
        chunk(b"zTXt", b"Comment\0\0x"),
        chunk(b"tIME", bytes(7)),
        chunk(b"prVt", b"Anna Muster"),
        chunk(b"eXIf", b"II*\0garbage"),
        chunk(b"iCCP", b"a damaged profile"),
        chunk(b"tEXt", b"of a wrong checksum")[:-1] + b"?",
    ]
    looks = [chunk(b"gAMA", b"\0\0\xb1\x8f"), chunk(b"pHYs", bytes(9))]
    assert stored(png(9, 5, *texts, *looks)).file.content == png(9, 5, *looks)


def test_comments_and_applications_of_gifs_are_left_out_and_loops_stay() -> None:
    """F5"""
    others = [
        b"\x21\xfe" + blocks(b"Anna Muster"),
        b"\x21\xff\x0bXMP DataXMP" + blocks(b"<x:xmpmeta>Anna Muster</x:xmpmeta>"),
        b"\x21\x01\x0c" + bytes(12) + blocks(b"Anna Muster"),
    ]
    looks = [b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0", b"\x21\xf9\x04\0\x0a\0\0\0"]
    hidden = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0" + blocks(b"Anna Muster")
    content = stored(gif(9, 5, 2, *others, *looks, hidden)).file.content
    assert content == gif(9, 5, 2, *looks, looks[0])
    assert pixels(content) == pixels(gif(9, 5, 2))


def test_a_gif_whose_end_is_missing_behind_the_last_frame_gets_one() -> None:
    assert stored(gif(9, 5, 2)[:-1]).file.content == gif(9, 5, 2)
    assert refused(gif(9, 5, 2)[:-2]) == "file-type-mismatch"


def test_progressive_and_restarted_scans_are_read_to_their_end() -> None:
    for options in ({"progressive": True}, {"restart_marker_blocks": 1}, {"quality": 100}):
        content = photo(**options)
        assert pixels(stored(content + FILM).file.content) == pixels(content)


def animated(width: int, height: int, frames: int) -> bytes:
    """A PNG of several frames, all of them the first."""
    control = chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, width, height, 0, 0, 1, 10, 0, 0))
    return png(width, height, chunk(b"acTL", struct.pack(">II", frames, 0)), control * frames)


@pytest.mark.parametrize(
    "bomb",
    [
        png(1).replace(struct.pack(">II", 1, 1), struct.pack(">II", 65_000, 65_000)),
        jpeg(8, 8).replace(struct.pack(">HH", 8, 8), b"\xff\xff\xff\xff"),
        gif(1).replace(b"GIF89a\1\0\1\0", b"GIF89a\xff\xff\xff\xff"),
        gif(2, 2, MAX_FRAMES + 1),
        animated(2, 2, MAX_FRAMES + 1),
    ],
)
def test_a_picture_that_unpacks_to_too_much_is_refused_by_its_head(bomb: bytes) -> None:
    """S14"""
    if bomb.startswith(b"\x89PNG"):
        head = bomb[16:29]
        bomb = bomb.replace(bomb[8:33], chunk(b"IHDR", head))
    assert refused(bomb) == "file-too-complex"


def test_frames_count_together() -> None:
    """Each of them is small enough."""
    whole = gif(4_000, 4_000, 1)
    frame = whole[whole.index(b"\x2c\0\0\0\0") : -1]
    assert stored(whole).width == 4_000
    head, end = whole[: whole.index(frame)], b"\x3b"
    tiny = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x07" + blocks(b"\x80\0\x81")
    assert stored(head + tiny * 31 + end).width == 4_000
    assert refused(head + tiny * 32 + end) == "file-too-complex"


def test_pixels_that_explode_are_refused_before_they_fill_memory() -> None:
    """S14: a picture of nine by five pixels, with a hundred megabytes of them."""
    whole = png(9, 5)
    head, end = whole[: whole.index(b"IDAT") - 4], chunk(b"IEND", b"")
    bomb = chunk(b"IDAT", zlib.compress(bytes(100_000_000), 9))
    assert refused(head + bomb + end) == "file-too-complex"
    assert stored(head + chunk(b"IDAT", zlib.compress(bytes(1_000))) + end).width == 9


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_pixels_of_all_kinds_are_as_many_as_their_size_says(mode: str) -> None:
    """S14"""
    packed = BytesIO()
    Image.new(mode, (1_200, 900)).save(packed, "PNG")
    assert stored(packed.getvalue()).height == 900


def test_a_colour_profile_that_explodes_is_refused() -> None:
    bomb = chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(5_000_000)))
    assert refused(png(9, 5, bomb)) == "file-too-complex"


@pytest.mark.parametrize(
    "many",
    [
        png(1, 1, *[chunk(b"tEXt", b"")] * 100_000),
        jpeg(8, 8, *[segment(0xFE, b"")] * 100_000),
        jpeg(8, 8)[:-2] + segment(0xDA, b"\x01\x01\0\0\x3f\0") * 101 + b"\xff\xd9",
        gif(1, 1, 1, *[b"\x21\xfe" + b"\x01x" * 100_000 + b"\0"] * 10),
    ],
)
def test_a_picture_of_too_many_parts_is_refused(many: bytes) -> None:
    assert refused(many) == "file-too-complex"


@pytest.mark.parametrize(
    "damaged",
    [
        jpeg(8, 8).replace(b"\xff\xc0", b"\xff\xc3"),
        jpeg(0, 8),
        jpeg(8, 8).replace(b"\xff\xda", b"\xff\xd0"),
        jpeg(8, 8)[:-2],
        jpeg(8, 8)[:20] + b"garbage" + jpeg(8, 8)[20:],
        jpeg(8, 8, segment(0xC0, b"\x08\0\x08\0\x08\x01\x01\x11\0")),
        jpeg(8, 8)[:21],
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8" + b"\xff" * 100,
        png(1, 1, chunk(b"QQQQ", b"nobody may skip it")),
        png(1, 1, chunk(b"IDAT", b""), chunk(b"pHYs", bytes(9))),
        png(1, 1, chunk(b"IHDR", bytes(13))),
        png(1, 1, chunk(b"gAMA", b"\0\0\xb1\x8f")[:-1] + b"?"),
        png(1, 1).replace(chunk(b"IEND", b""), chunk(b"IEND", b"hidden")),
        png(1, 1, chunk(b"pHYs", b"hidden" * 3)),
        gif(1, 1).replace(b"\x2c\0\0\0\0\1\0\1\0", b"\x2c\0\0\0\0\2\0\1\0"),
        gif(1, 1, 1, b"\x21\x77" + blocks(b"x")),
        gif(1, 1, 1, b"\x21\xf9" + blocks(b"xxxx" * 100)),
        gif(1, 1, 0),
        gif(0, 1),
    ],
)
def test_a_damaged_picture_is_refused(damaged: bytes) -> None:
    """X-10"""
    assert refused(damaged) == "file-type-mismatch"


def test_what_is_no_picture_is_told_what_is_possible() -> None:
    """Q23"""
    for content in (b"", b"%PDF-1.4\n%%EOF\n", b"<svg/>", b"BM" + bytes(100), b"RIFF\0\0\0\0WEBP"):
        with pytest.raises(FileRefusedError) as caught:
            checked_picture(content)
        assert caught.value.code == "file-type-unknown"
        assert caught.value.detail == "Möglich sind PNG, JPEG und GIF."


@given(st.sampled_from(PICTURES), st.data())
def test_a_changed_picture_is_refused_or_stored_whole(content: bytes, data: st.DataObject) -> None:
    """X-10"""
    place = data.draw(st.integers(0, len(content)))
    taken = data.draw(st.integers(0, 4))
    changed = content[:place] + data.draw(st.binary(max_size=8)) + content[place + taken :]
    try:
        picture = stored(changed)
    except FileRefusedError:
        return
    assert len(picture.file.content) <= len(changed) + 1
    assert stored(picture.file.content + changed) == picture
