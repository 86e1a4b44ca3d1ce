from enquiries.admin.contacts import ContactAdmin
from enquiries.admin.erasures import ErasureAdmin
from enquiries.admin.inbox import EnquiryAdmin
from enquiries.admin.incoming import IncomingMailAdmin
from enquiries.admin.replies import SavedReplyAdmin
from enquiries.admin.rules import AssignmentRuleAdmin

__all__ = [
    "AssignmentRuleAdmin",
    "ContactAdmin",
    "EnquiryAdmin",
    "ErasureAdmin",
    "IncomingMailAdmin",
    "SavedReplyAdmin",
]
