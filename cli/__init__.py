"""The terminal's door: `thidua …`."""
