"""The steps that errors of lib and drivers name."""

STEPS = (  # those that lib/ and drivers/ give to their errors; test_steps.py looks whether there are others
    "address answer attach battery baud body camera carry confirmation connect context display family flow header line"
    " location memory mmsc modem operators page picture power price proxy read receive record register retrieve roaming"
    " room send sim size sleep sms store time wifi"
).split()
