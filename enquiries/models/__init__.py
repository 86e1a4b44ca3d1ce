from enquiries.models.contact import Contact
from enquiries.models.enquiry import Enquiry, EnquiryLine, Outcome, Source, State, Verdict
from enquiries.models.message import Attachment, Event, Message
from enquiries.models.submission import Submission

__all__ = [
    "Attachment",
    "Contact",
    "Enquiry",
    "EnquiryLine",
    "Event",
    "Message",
    "Outcome",
    "Source",
    "State",
    "Submission",
    "Verdict",
]
