"""Records as documents: one description of what a reader may see, set as PDF or HTML, at once or by a job."""
