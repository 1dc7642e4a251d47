"""The camera without its line: what it answers, refuses and needs time for."""

from tools.lab.camera.vc0706 import BOOTED, Vc0706

JPEG = b"\xff\xd8" + bytes(range(256)) * 300 + b"\xff\xd9\x01"  # past 64 KB, and no whole word


class Bench:
    """A camera that has booted, its answers and its clock."""

    def __init__(self):
        self.said, self.rates, self.taken, self.now = b"", [], [], 0
        self.camera = Vc0706(self._write, self.rates.append, self._frame)
        self.camera.power(0)
        self.wait(600)
        self.said = b""

    def wait(self, ms):
        self.now += ms
        self.camera.advance(self.now)

    def ask(self, text, ms=0):
        self.said = b""
        self.camera.receive(bytes.fromhex(text.replace(" ", "")), self.now)
        self.wait(ms)
        return self.said

    def read(self, address, length, mode=0x0A):
        arguments = b"\x56\x00\x32\x0c\x00" + bytes((mode,)) + address.to_bytes(4, "big")
        arguments += length.to_bytes(4, "big") + b"\x00\x0a"
        self.said = b""
        self.camera.receive(arguments, self.now)
        return self.said

    def _write(self, octets):
        self.said += octets

    def _frame(self, size, compression):
        self.taken.append((size, compression))
        return JPEG


def answer(command, status=0, data=b""):
    return bytes((0x76, 0, command, status, len(data))) + data


def test_it_boots_with_its_version_and_is_deaf_until_then():
    bench = Bench()
    assert bench.ask("56002600") == answer(0x26)
    assert bench.ask("56001100") == b""
    bench.wait(600)
    assert bench.said == BOOTED
    assert bench.ask("56001100") == answer(0x11, 0, b"VC0703 1.00")


def test_a_frame_takes_the_time_of_its_exposure():
    bench = Bench()
    assert bench.ask("5600360100", 299) == b""
    assert bench.ask("56003401 00".replace(" ", "")) == answer(0x34, 4)
    bench.wait(1)
    assert bench.said.endswith(answer(0x36))
    assert bench.ask("5600340100") == answer(0x34, 0, len(JPEG).to_bytes(4, "big"))


def test_a_frame_is_read_whole_with_addresses_past_64_kilobytes():
    bench = Bench()
    bench.ask("5600360100", 300)
    data = b""
    while len(data) < len(JPEG):
        length = min(4096, (len(JPEG) - len(data) + 3) // 4 * 4)
        said = bench.read(len(data), length)
        assert said[:5] == said[-5:] == answer(0x32)
        data += said[5:-5]
    assert data[: len(JPEG)] == JPEG and not any(data[len(JPEG) :])


def test_reads_that_are_not_aligned_or_go_too_far_are_refused():
    bench = Bench()
    assert bench.read(0, 8) == answer(0x32, 4)
    bench.ask("5600360100", 300)
    for address, length in ((4, 8), (0, 6), (0, len(JPEG) + 100), (1 << 24, 4)):
        assert bench.read(address, length) == answer(0x32, 3)
    assert bench.read(0, 8, mode=0) == answer(0x32, 3)


def test_the_answer_to_a_read_comes_after_the_delay_asked_for():
    bench = Bench()
    bench.ask("5600360100", 300)
    said = bench.ask("5600320c 000a 00000000 00000008 0fa0", 39)
    assert said == answer(0x32)
    bench.wait(1)
    assert bench.said == answer(0x32) + JPEG[:8] + answer(0x32)


def test_the_same_frame_stays_until_it_is_resumed():
    bench = Bench()
    bench.ask("5600360100", 300)
    assert bench.ask("5600360100") == answer(0x36)
    assert len(bench.taken) == 1
    assert bench.ask("5600360103") == answer(0x36)
    bench.ask("5600360100", 300)
    assert len(bench.taken) == 2


def test_size_and_compression_are_written_read_and_used():
    bench = Bench()
    assert bench.ask("560031050401001911") == answer(0x31)
    assert bench.ask("5600310501011204ff") == answer(0x31)
    assert bench.ask("56003004 04010019") == answer(0x30, 0, b"\x11")
    assert bench.ask("56003004 01011204") == answer(0x30, 0, b"\xff")
    bench.ask("5600360100", 300)
    assert bench.taken == [("QVGA", 255)]


def test_a_reset_keeps_the_size_and_forgets_the_compression():
    bench = Bench()
    bench.ask("560031050401001922")
    bench.ask("5600310501011204ff")
    bench.ask("56002600", 600)
    bench.ask("5600360100", 300)
    assert bench.taken == [("QQVGA", 0x36)]


def test_the_rate_changes_after_the_answer_and_the_camera_is_deaf_meanwhile():
    bench = Bench()
    assert bench.ask("5600240301 0da6") == answer(0x24)
    assert bench.rates == [38400]
    assert bench.ask("56001100", 5) == b""
    assert bench.rates == [38400, 115200]
    bench.wait(20)
    assert bench.ask("56001100") == answer(0x11, 0, b"VC0703 1.00")
    bench.ask("56002600", 600)
    assert bench.rates[-1] == 38400


def test_what_it_does_not_know_is_refused_with_a_status():
    bench = Bench()
    assert bench.ask("56009900") == answer(0x99, 1)
    assert bench.ask("5600340200 00") == answer(0x34, 2)
    assert bench.ask("5600360104") == answer(0x36, 3)
    assert bench.ask("5600360102") == answer(0x36, 4)
    assert bench.ask("5600240301 1c1c") == answer(0x24, 3)
    assert bench.ask("560031050401001933") == answer(0x31, 3)


def test_noise_other_serial_numbers_and_half_commands_do_no_harm():
    bench = Bench()
    version = answer(0x11, 0, b"VC0703 1.00")
    assert bench.ask("00ff0d0a 56001100") == version
    assert bench.ask("56011100") == b""
    assert bench.ask("56001100 5600") == version
    bench.wait(600)
    assert bench.ask("56001100") == version
    for octet in ("56", "00", "11"):
        assert bench.ask(octet) == b""
    assert bench.ask("00") == version


def test_a_camera_that_hangs_is_silent_until_its_power_is_switched():
    bench = Bench()
    bench.ask("5600360100", 300)
    bench.camera.hang(100)
    assert bench.read(0, 4096) == answer(0x32) + JPEG[:95]
    assert bench.ask("56001100") == b""
    bench.camera.power(bench.now)
    bench.wait(600)
    assert bench.said == BOOTED


def test_a_truncated_frame_ends_without_its_marker_once():
    bench = Bench()
    bench.camera.truncate(1000)
    bench.ask("5600360100", 300)
    assert bench.ask("5600340100")[5:] == (1000).to_bytes(4, "big")
    bench.ask("5600360103")
    bench.ask("5600360100", 300)
    assert bench.ask("5600340100")[5:] == len(JPEG).to_bytes(4, "big")


def test_motion_is_told_only_to_who_asked():
    bench = Bench()
    bench.camera.motion()
    assert bench.said == b""
    assert bench.ask("5600370101") == answer(0x37)
    assert bench.ask("56003800") == answer(0x38, 0, b"\x01")
    bench.camera.motion()
    assert bench.said.endswith(b"\x76\x00\x39\x00\x00")


def test_a_camera_that_holds_octets_back_gives_them_with_the_next_answer_until_it_is_reset():
    bench = Bench()
    bench.camera.hold_back(2)
    assert bench.ask("5600340100") == answer(0x34, 4)[:-2]
    assert bench.ask("5600340100") == answer(0x34, 4)[-2:] + answer(0x34, 4)[:-2]
    bench.ask("56002600")
    bench.wait(600)
    assert bench.ask("56001100") == answer(0x11, 0, b"VC0703 1.00")


def test_the_size_of_some_changes_with_a_reset_only():
    bench = Bench()
    bench.camera.sizes_at_boot = True
    bench.ask("5600310504010019 11")
    bench.ask("5600360100", 300)
    bench.ask("56002600", 600)
    bench.ask("5600360100", 300)
    assert [size for size, compression in bench.taken] == ["VGA", "QVGA"]
