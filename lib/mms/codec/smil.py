"""The layout of a message in the small profile of SMIL 2.0 that every handset shows (OMA MMS conformance)."""

from mms.limits import const

_SECONDS = const(5)
_HEAD = const(
    '<smil><head><layout><root-layout width="%d" height="%d"/>'
    '<region id="Image" left="0" top="0" width="%d" height="%d" fit="meet"/>'
    '<region id="Text" left="0" top="%d" width="%d" height="%d" fit="scroll"/>'
    "</layout></head><body>"
)
_TAIL = const("</body></smil>")
_IMAGE = const(' region="Image"')
_TEXT = const(' region="Text"')
_ELEMENTS = {  # by kind of media: element, region, and which of the three places of a slide it has
    "image": ("img", _IMAGE, 0),
    "video": ("video", _IMAGE, 0),
    "text": ("text", _TEXT, 1),
    "audio": ("audio", "", 2),
}
_ENTITIES = const((("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")))


def build(parts, width, height, seconds=()):
    """The octets of a layout for `parts` (media, location) on a screen of `width` by `height` pixels.

    Each slide shows one picture or video, one text and one sound, in the order in which they come, for as many
    `seconds` as there are given for it, or five.
    """
    slides = []
    filled = [0, 0, 0]  # how many slides have a picture, a text, a sound
    for media, location in parts:
        element, region, place = _ELEMENTS.get(media.split("/")[0], (None, None, None))
        if element is None:
            continue
        if filled[place] == len(slides):
            slides.append([])
        for character, entity in _ENTITIES:
            location = location.replace(character, entity)
        slides[filled[place]].append('<%s src="%s"%s/>' % (element, location, region))
        filled[place] += 1
    upper = height * 4 // 5
    text = [_HEAD % (width, height, width, upper, upper, width, height - upper)]
    for number, slide in enumerate(slides):
        lasting = seconds[number] if number < len(seconds) else _SECONDS
        text.append('<par dur="%ds">%s</par>' % (lasting, "".join(slide)))
    return "".join(text + [_TAIL]).encode()
