"""make phone: two handsets in the lab network, each with a page for a browser; and the browser of the tests."""
