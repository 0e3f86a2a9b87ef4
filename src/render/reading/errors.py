"""Why a document could not be read, in sentences its owner can act on."""


class DocumentRefused(Exception):
    """The document cannot become text. `reason` is a sentence for the person who sent it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnsupportedDocument(DocumentRefused):
    """The bytes are neither a PDF nor a DOCX."""


class UnreadableDocument(DocumentRefused):
    """The type is right, but there is no readable text to be had from this file."""
