"""The mobile network behind the lab's modems."""
