"""The voltage of the battery: at an ADC of the board, or as the modem measures it. Not tried on hardware."""

from drivers.modem.lines import fields
from mms.errors import ModemError

# 3GPP TS 27.007, 8.4; the voltage behind it is the makers' own
_COMMANDS = "\nbattery|battery|AT+CBC|5|1|+CBC:|OK\n"


def at_pin(wires):
    """A function for mV at the battery: {"adc": pin, "ratio": volts there for each volt at the pin}."""
    from machine import ADC, Pin

    pin = Pin(wires["adc"])
    # An esp32 measures 1 V without attenuation, and corrects its readings itself; rp2 has neither.
    adc = ADC(pin, atten=ADC.ATTN_11DB) if hasattr(ADC, "ATTN_11DB") else ADC(pin)

    async def read():
        microvolts = adc.read_uv() if hasattr(adc, "read_uv") else adc.read_u16() * 3300000 // 65535
        return microvolts * wires["ratio"] // 1000

    return read


def of_modem(modem):
    """A function for mV as the modem measures its supply; None where it does not tell volts, or is busy."""

    async def read():
        if not modem.ready or modem.dialogue.lock.locked():
            return None
        modem.dialogue.add(_COMMANDS)
        try:
            return millivolts(await modem.ask("battery"))
        except ModemError:
            return None
        finally:
            modem.dialogue.remove(_COMMANDS)

    return read


def millivolts(lines):
    """The mV in an answer to AT+CBC: "0,85,4012", or "3.987V" of A7670 and SIM7600; None without."""
    value = fields(lines[0])[-1] if lines else ""
    if value[-1:] == "V":
        whole, _, part = value[:-1].partition(".")
        value = whole + (part + "000")[:3]
    return int(value) if value.isdigit() and len(value) == 4 else None
