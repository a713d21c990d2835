"""The look, the layouts, the components and the plumbing that every page shares."""
