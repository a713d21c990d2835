"""What every part of the REST interface shares: who calls, refusals, pages, versions, repeated requests."""
