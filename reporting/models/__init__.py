"""What was done about the promises: rounds of reports, what was published, and what is due."""

from .errata import Erratum
from .published import PublishedAnswer, PublishedObservation, PublishedReport, Receipt, Summary
from .reminders import Contact, Milestone, Reminder, ReminderPlan
from .reports import Answer, AnswerVersion, Report, Version
from .rounds import AnnouncementNotice, Cycle, Extension, Indicator

__all__ = [
    "AnnouncementNotice",
    "Answer",
    "AnswerVersion",
    "Contact",
    "Cycle",
    "Erratum",
    "Extension",
    "Indicator",
    "Milestone",
    "PublishedAnswer",
    "PublishedObservation",
    "PublishedReport",
    "Receipt",
    "Reminder",
    "ReminderPlan",
    "Report",
    "Summary",
    "Version",
]
