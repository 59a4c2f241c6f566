"""The bounds that keep hostile input cheap: each names what a real certificate needs beside what we allow."""

MAX_INPUT_BYTES = 1_048_576
"""Largest file that is looked at (a phone's photo, compressed, is smaller)."""

MAX_TEXT = 8_192
"""Characters. The largest QR symbol (version 40, level L) holds 4,296 in alphanumeric mode."""

MAX_INFLATED = 65_536
"""Bytes after inflating. Real certificates have 300 to 900."""

MAX_CBOR_DEPTH = 16
"""Nested containers and tags. Real certificates have 6."""

MAX_KID_CANDIDATES = 16
"""Keys tried for one kid. Two different keys sharing 8 bytes of SHA-256 are already an oddity."""

MAX_PICTURE_WORK = 75_000_000
"""Nanoseconds that decoding a picture may be expected to take: 4.7 megapixels of PNG with colour and transparency
(a large phone's screenshot), 18 of grey PNG, 75 of plain JPEG."""

MAX_FINDERS = 1_500
"""Finder patterns in a picture; a page of 400 symbols has 1,200."""

MAX_BULLSEYES = 240_000
"""Modules like the middle of an Aztec symbol in a picture that is searched for one. A symbol has at most 3,000, a
picture of nothing but noise 234,000."""

MANY_BULLSEYES = 60_000
"""From here on a picture is not searched for light Aztec symbols on dark ground, which takes as long again."""

READ_PICTURE_PIXELS = 1_600_000
"""Pixels that are searched for symbols; a larger picture is shrunk first. Its QR then still has
several pixels to a module when it fills a third of the picture."""

MAX_SYMBOLS = 16
"""Symbols that are taken from one picture."""
