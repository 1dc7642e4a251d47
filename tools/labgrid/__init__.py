"""Boards in the racks of other hosts, by labgrid: what runs in build/labgrid, and simulated racks."""
