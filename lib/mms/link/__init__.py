"""How messages travel over a Stream."""
