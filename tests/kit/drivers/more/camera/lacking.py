"""A camera whose driver needs a module that this firmware has not."""

import nothing_of_that_name

open = nothing_of_that_name.open
