from enquiries.admin.contacts import ContactAdmin
from enquiries.admin.inbox import EnquiryAdmin
from enquiries.admin.replies import SavedReplyAdmin

__all__ = ["ContactAdmin", "EnquiryAdmin", "SavedReplyAdmin"]
