"""The handset in the hand: a button, an LED, a display and a battery, where the settings want them."""
