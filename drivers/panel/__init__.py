"""Button, LED, display and battery of a board, opened where the settings have `panel`."""
