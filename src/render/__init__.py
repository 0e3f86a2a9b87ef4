"""Turn documents into text and resumes into documents."""
