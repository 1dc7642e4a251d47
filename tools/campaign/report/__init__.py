"""The report of a campaign: page.write gives one HTML file, terminal.summary the same on one screen."""
