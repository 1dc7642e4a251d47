"""The layout that others have to show."""

from mms.codec import smil


def test_each_slide_has_one_picture_one_text_and_one_sound():
    parts = [
        ("image/jpeg", "a.jpg"),
        ("audio/amr", "a.amr"),
        ("text/plain", "a.txt"),
        ("application/pdf", "a.pdf"),
        ("image/gif", "b.gif"),
        ("text/plain", "b.txt"),
        ("video/3gpp", "c.3gp"),
    ]
    text = smil.build(parts, 320, 240).decode()
    slides = text.split('<par dur="5s">')[1:]
    names = [[part.split('"')[0] for part in slide.split('src="')[1:]] for slide in slides]
    assert names == [["a.jpg", "a.amr", "a.txt"], ["b.gif", "b.txt"], ["c.3gp"]]
    assert '<root-layout width="320" height="240"/>' in text
    assert text.count('region="Image"') == 3


def test_names_cannot_break_out_of_the_layout():
    text = smil.build([("text/plain", '"/><x y="&')], 320, 240).decode()
    assert '<text src="&quot;/&gt;&lt;x y=&quot;&amp;" region="Text"/>' in text
