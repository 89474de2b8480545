"""Make the fallback fonts of `app/documents/fonts` out of HanaMin A and B.

For maintainers: needs fontTools, and Debian's fonts-lxgw-wenkai and fonts-hanazono.

    python tools/fonts.py /usr/share/fonts/truetype app/documents/fonts

LXGW WenKai is copied as it is. The fallbacks keep the characters that WenKai does not have, without
hinting and private-use characters, under names of their own, as the reserved names ask.
"""

import shutil
import sys
import unicodedata
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

MAIN = "lxgw-wenkai/LXGWWenKai-Regular.ttf"
FALLBACKS = {"hanazono/HanaMinA.ttf": "RareHanA", "hanazono/HanaMinB.ttf": "RareHanB"}
UNUSED = ["FFTM", "prop", "GSUB", "GDEF", "BASE", "vhea", "vmtx", "gasp"]
FILLERS = {0x115F, 0x1160, 0x3164, 0xFFA0}  # letters of Hangul that print as nothing
FAMILY_NAMES = (1, 3, 4, 6)  # family, unique, full, PostScript


def characters(path: Path) -> set[int]:
    """What the font has, without private-use characters and what prints as nothing."""
    codes = set(TTFont(path, lazy=True).getBestCmap()) - FILLERS
    return {code for code in codes if unicodedata.category(chr(code)) != "Co"}


def cut(source: Path, codes: set[int], target: Path) -> None:
    """Write a font of these characters only, named like its file."""
    options = subset.Options(hinting=False, notdef_outline=True, layout_features=[], name_IDs=["*"])
    options.drop_tables += UNUSED
    font = subset.load_font(str(source), options)
    chooser = subset.Subsetter(options)
    chooser.populate(unicodes=codes)
    chooser.subset(font)
    for name in font["name"].names:
        if name.nameID in FAMILY_NAMES:
            name.string = target.stem
    subset.save_font(font, str(target), options)


def main(fonts: Path, target: Path) -> None:
    """Write the three fonts of the certificate into the target folder."""
    shutil.copyfile(fonts / MAIN, target / Path(MAIN).name)
    done = characters(fonts / MAIN)
    for path, name in FALLBACKS.items():
        own = characters(fonts / path) - done
        cut(fonts / path, own, target / f"{name}.ttf")
        done |= own


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
