"""What every platform checks of goods put up for sale, before its own rules."""

TITLE_BYTES = 60
MAX_FEN = 10_000_000_000
PICTURE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")


def title_fits(title: str) -> bool:
    """At most 60 bytes as the platforms count: a Chinese sign is two."""
    return 0 < len(title.encode("gb18030")) <= TITLE_BYTES


def is_picture(content: bytes, max_bytes: int) -> bool:
    """By its first bytes and its size."""
    return 0 < len(content) <= max_bytes and content.startswith(PICTURE_STARTS)


def price_fits(fen: int) -> bool:
    """More than nothing and within bounds."""
    return 0 < fen <= MAX_FEN
