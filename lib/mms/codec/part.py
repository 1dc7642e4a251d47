"""A part of a multipart body. It stands alone, so that a Part which is kept does not keep its parser in memory."""


class Part:
    """One part: `media`, `charset` (MIBenum or None), `name`, `content_id`, `location` (or None).

    Its data are `octets` long and begin at `offset` of the body; `encoding` is what transfer.Decoder takes.
    """

    def __init__(self, media=None):
        self.media = media
        self.charset = self.name = self.content_id = self.location = self.encoding = None
        self.octets = self.offset = 0
