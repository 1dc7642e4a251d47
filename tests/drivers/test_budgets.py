"""Every command of every table: silence, a refusal and half an answer end in one clear error within its budget."""

from drivers import listing
from drivers import modem as modems
from drivers.modem import family
from drivers.modem.dialogue import Dialogue, make_error
from mms import advice
from mms.errors import ModemError
from tests.kit.drivers.scripted import Modem, Pipe, World, run

OK, ERROR = b"\r\nOK\r\n", b"\r\nERROR\r\n"
SYNC_MS = 700  # to find the beginning of a command again, on a modem that answers to AT at once
TEXTS = ("apn", "user", "password", "host", "protocol", "memory", "operator", "pin")  # the other places are numbers
BLOCKS, COUNTED = ("send", "send to", "submit"), ("receive",)
SECRET = "canary"


def rooms():
    """[(name of the room, its table of commands)]."""
    found = []
    for name in listing._modules(modems.__path__):
        room = __import__("drivers.modem." + name, None, None, ("*",))
        if hasattr(room, "COMMANDS"):
            found.append((name, room.COMMANDS))
    return found


def rows(table):
    """[(name, step, line, seconds, attempts, reply, final)] of a table of commands."""
    return [row.split("|") for row in table.strip("\n").split("\n")]


def values(line):
    """Values for the places of a line."""
    places = [piece.split("}")[0] for piece in line.split("{")[1:]]
    return [SECRET if place in TEXTS else 4 for place in places]


async def command(dialogue, name, line):
    if name in BLOCKS:
        return await dialogue.send_block(name, b"1234", *values(line), escape=b"\x1b")
    if name in COUNTED:
        return await dialogue.read_block(name, bytearray(4), 0, *values(line))
    return await dialogue.ask(name, *values(line))


def outcome(table, row, answer):
    """(error, ms that it took, lines that the modem got, whether the next command is answered)."""
    world = World()
    told = []

    async def story():
        scripted = Modem({})
        usual = scripted._answer

        def answered(text):
            text = text.replace("\x1b", "")
            if text.startswith(first) and text != "AT" and not told:
                scripted.lines.append(text)
                return answer(scripted) if callable(answer) else answer
            return usual(text)

        scripted._answer = answered
        tables = (table, family.COMMANDS), (family.NEWS,), (family.FINAL,)
        dialogue = Dialogue(Pipe(scripted), tables, lambda meaning, text, second: None)
        dialogue.start()
        name, line = row[0], row[2]
        first = line.split("{")[0]
        begun = world.now
        try:
            await command(dialogue, name, line)
        except ModemError as error:
            told.append(error)
        ms, asked = world.now - begun, list(scripted.lines)
        well = not told or await dialogue.ask("delete", 1) == []
        dialogue.close()
        return told[0] if told else None, ms, asked, well

    return run(story(), world)


def check(table, row, answer, code, text, most_ms, note):
    name, step, line = row[:3]
    error, ms, asked, well = outcome(table, row, answer)
    assert error is not None, note
    kind = type(make_error(step, code, "" if text == "no answer" else text))
    assert type(error) is kind and error.step == step, (note, error)
    assert error.code == code and text in str(error) and "\n" not in str(error), (note, error)
    assert SECRET not in str(error) and advice.sentence(error), note
    assert ms <= most_ms and well, (note, ms)
    return asked


def test_every_row_is_whole_and_its_step_has_advice():
    for room, table in rooms():
        assert table[0] == table[-1] == "\n", room
        names = [row[0] for row in rows(table)]
        assert len(names) == len(set(names)), room
        for row in rows(table):
            assert len(row) == 7 and float(row[3]) > 0 and int(row[4]) > 0 and row[5] and row[6], (room, row)
            assert row[1] in advice._ADVICE, (room, row)


def test_no_family_asks_for_the_toolkit_of_the_sim_and_none_dials():
    for room, table in rooms():
        for row in rows(table):
            for word in ("STK", "STG", "STI", "CSIM", "CCHO", "CGLA", "CUSATW", "CUSATA", "CUSD", "UCUSATA", "ATD"):
                assert word not in row[2], (room, row[0])
            assert "CRSM" not in row[2] or row[2].startswith(("AT+CRSM=176,", "AT+CRSM=192,")), row[0]  # to read only


def test_silence_ends_each_command_after_its_attempts_and_its_seconds():
    for room, table in rooms():
        for row in rows(table):
            if row[2] == "AT":
                continue  # the next test has it
            attempts, seconds = int(row[4]), float(row[3])
            most_ms = attempts * (seconds * 1000 + 30) + (attempts - 1) * SYNC_MS
            asked = check(table, row, b"", None, "no answer", most_ms, (room, row[0]))
            first = row[2].split("{")[0]
            assert len([line for line in asked if line.startswith(first) and line != "AT"]) == attempts, (room, row[0])


def test_a_modem_that_answers_nothing_at_all_is_lost_within_the_budget_of_its_synchronisation():
    row = [row for row in rows(family.COMMANDS) if row[0] == "sync"][0]
    world = World()

    async def story():
        dialogue = Dialogue(Pipe(lambda octets: b""), ((family.COMMANDS,), (family.NEWS,), (family.FINAL,)), print)
        dialogue.hear = lambda *news: None
        dialogue.start()
        try:
            await dialogue.sync()
        except ModemError as error:
            return error.step, world.now
        finally:
            dialogue.close()

    step, ms = run(story(), world)
    assert step == "modem" and ms <= int(row[4]) * (float(row[3]) * 1000 + 30)


def test_a_refusal_ends_each_command_at_once_with_the_modems_code():
    for room, table in rooms():
        for row in rows(table):
            if row[2] == "AT":
                continue
            for answer, code in ((ERROR, None), (b"\r\n+CME ERROR: 30\r\n", 30), (b"\r\n+CMS ERROR: 38\r\n", 38)):
                check(table, row, answer, code, "the modem refused AT", 30, (room, row[0], answer))


def test_a_block_that_is_asked_for_and_not_answered_ends_in_its_seconds():
    for room, table in rooms():
        for row in rows(table):
            if row[0] in BLOCKS:
                octets = lambda scripted: scripted.block(4, lambda block: b"")  # noqa: E731
                check(table, row, octets, None, "no answer", 2 * float(row[3]) * 1000 + 100, (room, row[0]))


def test_half_of_a_counted_block_ends_in_its_seconds_and_the_rest_is_no_line_of_the_next_command():
    for room, table in rooms():
        for row in rows(table):
            if row[0] in COUNTED:
                half = b"\r\n" + row[5].strip('"').encode() + b' 4,4,4,4,"ab'
                if row[5][-1] != '"':
                    half = half.replace(b',"', b"\r\n")
                check(table, row, half, None, "no answer", float(row[3]) * 1000 + 30, (room, row[0]))
