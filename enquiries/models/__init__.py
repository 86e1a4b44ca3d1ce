from enquiries.models.contact import Contact
from enquiries.models.desk import Draft, DraftFile, Presence, SavedReply
from enquiries.models.enquiry import Box, Enquiry, EnquiryLine, Outcome, Source, State, Verdict
from enquiries.models.erasure import Erasure
from enquiries.models.incoming import Doubt, Fate, IncomingMail, Mailbox
from enquiries.models.message import Attachment, Event, Message
from enquiries.models.reminder import Reminder, Round
from enquiries.models.rule import AssignmentRule
from enquiries.models.spamlesson import SpamFilter, SpamLesson
from enquiries.models.submission import Submission
from enquiries.models.trail import ReadingTrail

__all__ = [
    "AssignmentRule",
    "Attachment",
    "Box",
    "Contact",
    "Doubt",
    "Draft",
    "DraftFile",
    "Enquiry",
    "EnquiryLine",
    "Erasure",
    "Event",
    "Fate",
    "IncomingMail",
    "Mailbox",
    "Message",
    "Outcome",
    "Presence",
    "ReadingTrail",
    "Reminder",
    "Round",
    "SavedReply",
    "Source",
    "SpamFilter",
    "SpamLesson",
    "State",
    "Submission",
    "Verdict",
]
