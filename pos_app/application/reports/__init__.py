"""Reports of a shop: questions to the ledger, answered as a finding, a plot and a table."""
