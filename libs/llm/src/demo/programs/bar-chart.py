import struct
import unicodedata
import zlib

COLORS = [(66, 113, 174), (221, 132, 82), (85, 168, 104), (196, 78, 82), (129, 114, 179), (147, 120, 96)]
# Five columns of seven dots for each character from space to underscore, lowest bit on top.
FONT = bytes.fromhex(
    "0000000000" "00005f0000" "0007000700" "147f147f14" "242a7f2a12" "2313086462" "3649562050" "0008070300"
    "001c224100" "0041221c00" "2a1c7f1c2a" "08083e0808" "0050300000" "0808080808" "0060600000" "2010080402"
    "3e5149453e" "00427f4000" "4261514946" "2141454b31" "1814127f10" "2745454539" "3c4a494930" "0171090503"
    "3649494936" "064949291e" "0036360000" "0056360000" "0814224100" "1414141414" "0041221408" "0201510906"
    "324979413e" "7e1111117e" "7f49494936" "3e41414122" "7f4141221c" "7f49494941" "7f09090901" "3e4149497a"
    "7f0808087f" "00417f4100" "2040413f01" "7f08142241" "7f40404040" "7f020c027f" "7f0408107f" "3e4141413e"
    "7f09090906" "3e4151215e" "7f09192946" "4649494931" "01017f0101" "3f4040403f" "1f2040201f" "3f4038403f"
    "6314081463" "0708700807" "6151494543" "007f414100" "0204081020" "0041417f00" "0402010204" "4040404040"
)


class Picture:
    """An image in red, green and blue, written as PNG (RFC 2083) with nothing but the standard library."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.pixels = bytearray(b"\xff" * (width * height * 3))

    def box(self, left, top, width, height, color):
        left, top = max(0, int(left)), max(0, int(top))
        right, bottom = min(self.width, left + int(width)), min(self.height, top + int(height))
        line = bytes(color) * max(0, right - left)
        for row in range(top, bottom):
            start = (row * self.width + left) * 3
            self.pixels[start : start + len(line)] = line

    def text(self, left, top, text, scale=2, color=(40, 40, 40)):
        for character in plain(text):
            glyph = (ord(character) - 32) * 5
            for column in range(5):
                for row in range(7):
                    if FONT[glyph + column] >> row & 1:
                        self.box(left + column * scale, top + row * scale, scale, scale, color)
            left += 6 * scale

    def save(self, path):
        stride = self.width * 3
        rows = b"".join(b"\0" + self.pixels[row * stride : (row + 1) * stride] for row in range(self.height))
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        with open(path, "wb") as handle:
            handle.write(b"\x89PNG\r\n\x1a\n")
            for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b"")):
                handle.write(struct.pack(">I", len(data)) + kind + data)
                handle.write(struct.pack(">I", zlib.crc32(kind + data) & 0xFFFFFFFF))


def plain(text):
    """What the font has of a text: accents go, other scripts become question marks."""
    letters = unicodedata.normalize("NFKD", text).upper()
    shown = (letter for letter in letters if not unicodedata.combining(letter))
    return "".join(letter if " " <= letter <= "_" else "?" for letter in shown)


def nice_step(span):
    power = 10.0 ** math.floor(math.log10(span / 5))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor * 5 >= span * 0.999)


def draw_with_pixels(path, title, label, names, values):
    picture = Picture(960, 540)
    left, top, right, bottom = 110, 60, 940, 470
    low, high = min(0.0, min(values)), max(0.0, max(values))
    step = nice_step((high - low) or 1.0)
    low, high = math.floor(low / step) * step, max(math.ceil(high / step) * step, step)

    def height(value):
        return bottom - (value - low) / (high - low) * (bottom - top)

    picture.text(left, 18, title[:65])
    picture.text(10, 40, label[:40], scale=1)
    for index in range(int(round((high - low) / step)) + 1):
        tick = low + index * step
        picture.box(left, height(tick), right - left, 1, (222, 222, 222))
        text = "%.6g" % tick
        picture.text(left - 8 - 6 * len(text) * 2, height(tick) - 7, text)
    slot = (right - left) / len(values)
    for index, (name, value) in enumerate(zip(names, values)):
        start = left + index * slot
        ends = sorted((height(value), height(0)))
        picture.box(start + slot * 0.15, ends[0], max(1, slot * 0.7), max(1, ends[1] - ends[0]), COLORS[index % len(COLORS)])
        scale = 2 if slot >= 12 * len(name) else 1
        text = name[: max(1, int(slot / (6 * scale)))]
        picture.text(start + (slot - 6 * scale * len(text)) / 2, bottom + 12, text, scale)
    picture.box(left, top, 2, bottom - top, (60, 60, 60))
    picture.box(left, height(0), right - left, 2, (60, 60, 60))
    picture.save(path)


def draw_with_matplotlib(path, title, label, names, values):
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.6, 5.4))
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    colors = [tuple(part / 255 for part in COLORS[index % len(COLORS)]) for index in range(len(values))]
    axes.bar(range(len(values)), values, color=colors)
    axes.set_xticks(range(len(values)))
    # A dollar sign would begin a formula.
    axes.set_xticklabels([name.replace("$", r"\$") for name in names], rotation=30 if len(names) > 8 else 0)
    axes.set_title(title.replace("$", r"\$"))
    axes.set_ylabel(label.replace("$", r"\$"))
    figure.tight_layout()
    figure.savefig(path, dpi=100)


def draw_bars(path, title, label, names, values):
    try:
        draw_with_matplotlib(path, title, label, names, values)
    except Exception:
        draw_with_pixels(path, title, label, names, values)
