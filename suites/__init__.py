"""What is checked: the DEV checklist as executable sentences, one file a section, in the order a driver lives it."""
