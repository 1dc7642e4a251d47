"""A stored picture on a display of one bit a pixel; loaded for each picture that is shown."""

from mms import clock
from mms.handset import rooms
from mms.limits import const

_BLOCK = const(64)  # octets that are read at a time


async def draw(file, buffer, columns, rows, top=0):
    """Draw a JPEG picture into `buffer`, as large as fits, in black and white; other tasks run meanwhile.

    `file` has `readinto(view)`: a file, or a Blob of the store. `buffer` is that of a framebuf of kind MONO_VLSB with
    `columns` pixels a row, which are a multiple of 8 rows, as ssd1306.SSD1306 has it: `display.buffer`, 128. The
    picture takes `rows` rows from `top` on, and comes from above while the file is read; show the display a page at a
    time afterwards. Raises PduError for a picture that is none, is not whole or is of another kind than baseline, and
    then a part of it may be drawn; OSError or StoreError as the file does.
    """
    picture = rooms.thumbnail.Preview(buffer, columns, rows, top)
    block = memoryview(bytearray(_BLOCK))
    while True:
        await clock.sleep(0)  # headers alone give others no turn
        octets = file.readinto(block)
        if not octets:
            break
        for _ in picture.feed(block[:octets]):
            await clock.sleep(0)
    picture.close()
