"""What was done about the promises: rounds of reports, what was published, and what is due."""

from .collective import CollectiveProgress, PublishedCollective
from .comments import Comment
from .delegation import Assignment, AssignmentReminder, Restriction
from .elsewhere import ReportElsewhere
from .errata import Erratum
from .forms import KeptForm
from .guidance import Guidance
from .observations import Observation
from .proposals import Proposal, ProposalVersion
from .published import PublishedAnswer, PublishedObservation, PublishedReport, Receipt, Summary
from .reminders import Contact, Milestone, Reminder, ReminderPlan
from .reports import Answer, AnswerVersion, Report, Version
from .requests import ExtensionRequest
from .rounds import AnnouncementNotice, Cycle, Extension, Indicator
from .summaries import Build, Figure, Printed, Sum, Summed

__all__ = [
    "AnnouncementNotice",
    "Answer",
    "AnswerVersion",
    "Assignment",
    "AssignmentReminder",
    "Build",
    "CollectiveProgress",
    "Comment",
    "Contact",
    "Cycle",
    "Erratum",
    "Extension",
    "ExtensionRequest",
    "Figure",
    "Guidance",
    "Indicator",
    "KeptForm",
    "Milestone",
    "Observation",
    "Printed",
    "Proposal",
    "ProposalVersion",
    "PublishedAnswer",
    "PublishedCollective",
    "PublishedObservation",
    "PublishedReport",
    "Receipt",
    "Reminder",
    "ReminderPlan",
    "Report",
    "ReportElsewhere",
    "Restriction",
    "Sum",
    "Summary",
    "Summed",
    "Version",
]
