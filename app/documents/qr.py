"""A text as a QR code for a page: an SVG picture within the address itself, so that nothing is fetched."""

import segno


def picture(text: str) -> str:
    """The `data:` address of the QR code of a text, dark on white whatever the page's colours are."""
    return str(segno.make(text, error="m", micro=False).svg_data_uri(scale=5, border=4, light="white"))
