"""The four-page brief that people circulate, as a Word document."""
