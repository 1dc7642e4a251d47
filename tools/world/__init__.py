"""The world of the announcement in one story: one picture to seven kinds of recipients, and the bill."""
