"""The page that shows a message in a browser, and the short message that says where it is."""
