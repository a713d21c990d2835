"""What the interface takes and shows of records, whatever their kind."""
