"""An MMS handset for GPRS modem boards."""
