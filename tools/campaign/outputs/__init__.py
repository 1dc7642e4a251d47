"""A campaign for other programs: JUnit XML, CSV, a trace for Wireshark, and Prometheus' text format."""
