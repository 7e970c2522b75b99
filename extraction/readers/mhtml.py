"""The page inside a web archive (.mht), as browsers and Word save it."""

import email
import email.policy

from extraction.errors import UnreadableFile


def page(data: bytes, *, name: str) -> bytes:
    """The bytes of the first HTML part.

    :raises UnreadableFile: no part of the archive is HTML.
    """
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content.strip():
                return content
    raise UnreadableFile(name, "a web archive without a page in it", "save the page again as .html")
