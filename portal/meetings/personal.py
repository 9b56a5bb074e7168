"""What is kept of somebody's meetings. All of it stays: those present are part of a decision."""

from flask_babel import lazy_gettext as _l

from portal.core.personal import Fact, Keeper, Pile, of_resident
from portal.meetings.council_models import Councillor, CouncilSeats
from portal.meetings.minutes_models import Minutes, MinutesCorrection
from portal.meetings.models import (
    Arrival,
    Attendance,
    AttendanceCorrection,
    AttendanceSheet,
    Meeting,
    MeetingMember,
    MeetingStep,
    Representative,
    SheetAgreement,
    SheetName,
)
from portal.meetings.words import CAPACITIES, CHANNELS, PROOFS, STEPS

TITLE = Fact("meeting", _l("Meeting"), Meeting.title)
HELD = Fact("held_at", _l("When"), Meeting.held_at)
KEEPER = Keeper(
    "meetings",
    _l("Meetings"),
    (
        Pile(
            MeetingMember,
            _l("Meetings that I was called to"),
            (TITLE, HELD, Fact("capacity", _l("As"), MeetingMember.capacity, CAPACITIES)),
            of_resident(MeetingMember.resident_id),
            joined=((Meeting, Meeting.id == MeetingMember.meeting_id),),
        ),
        Pile(
            Attendance,
            _l("Meetings that I took part in"),
            (
                TITLE,
                Fact("channel", _l("How"), Attendance.channel, CHANNELS),
                Fact("proof", _l("Noted by"), Attendance.proof, PROOFS),
                Fact("noted_at", _l("When"), Attendance.noted_at),
            ),
            of_resident(Attendance.resident_id),
            joined=((Meeting, Meeting.id == Attendance.meeting_id),),
        ),
        Pile(
            Attendance,
            _l("Presences that I noted"),
            (TITLE, Fact("noted_at", _l("When"), Attendance.noted_at)),
            lambda person: Attendance.noted_by == person.account_id,
            joined=((Meeting, Meeting.id == Attendance.meeting_id),),
            key="attendance_noted",
        ),
        Pile(
            Arrival,
            _l("When I came in by the poster"),
            (TITLE, Fact("came_at", _l("When"), Arrival.came_at)),
            of_resident(Arrival.resident_id),
            joined=((Meeting, Meeting.id == Arrival.meeting_id),),
        ),
        Pile(
            AttendanceCorrection,
            _l("What was put right about my presence"),
            (
                TITLE,
                Fact("channel", _l("How"), AttendanceCorrection.channel, CHANNELS),
                Fact("reason", _l("Reason"), AttendanceCorrection.reason),
                Fact("is_confirmed", _l("Confirmed"), AttendanceCorrection.is_confirmed),
            ),
            of_resident(AttendanceCorrection.resident_id),
            joined=((Meeting, Meeting.id == AttendanceCorrection.meeting_id),),
        ),
        Pile(
            AttendanceCorrection,
            _l("Presences that I put right or confirmed"),
            (TITLE, Fact("asked_at", _l("When"), AttendanceCorrection.asked_at)),
            lambda person: (
                (AttendanceCorrection.asked_by == person.account_id)
                | (AttendanceCorrection.decided_by == person.account_id)
            ),
            joined=((Meeting, Meeting.id == AttendanceCorrection.meeting_id),),
            key="attendance_correction_made",
        ),
        Pile(
            AttendanceSheet,
            _l("Signed sheets that I entered or witnessed"),
            (
                TITLE,
                Fact("file_sha256", _l("Fingerprint of the sheet"), AttendanceSheet.file_sha256),
                Fact("entered_at", _l("When"), AttendanceSheet.entered_at),
            ),
            lambda person: (
                (AttendanceSheet.entered_by == person.account_id)
                | (AttendanceSheet.first_witness_id == (person.resident_id or 0))
                | (AttendanceSheet.second_witness_id == (person.resident_id or 0))
            ),
            joined=((Meeting, Meeting.id == AttendanceSheet.meeting_id),),
        ),
        Pile(
            SheetName,
            _l("Signed sheets that I am on"),
            (TITLE, HELD),
            of_resident(SheetName.resident_id),
            joined=((Meeting, Meeting.id == SheetName.meeting_id),),
        ),
        Pile(
            SheetAgreement,
            _l("Signed sheets that I agreed to as a witness"),
            (Fact("agreed_at", _l("When"), SheetAgreement.agreed_at),),
            lambda person: (
                (SheetAgreement.resident_id == (person.resident_id or 0))
                | (SheetAgreement.account_id == person.account_id)
            ),
        ),
        Pile(
            Representative,
            _l("Terms as a villagers' representative"),
            (
                Fact("begins_on", _l("From"), Representative.begins_on),
                Fact("ends_on", _l("Until"), Representative.ends_on),
                Fact("ended_on", _l("Ended on"), Representative.ended_on),
            ),
            of_resident(Representative.resident_id),
        ),
        Pile(
            Representative,
            _l("Representatives that I entered"),
            (Fact("made_at", _l("When"), Representative.made_at),),
            lambda person: Representative.made_by == person.account_id,
            key="representative_entered",
        ),
        Pile(
            Councillor,
            _l("Terms in the villagers' council"),
            (
                Fact("begins_on", _l("From"), Councillor.begins_on),
                Fact("ends_on", _l("Until"), Councillor.ends_on),
                Fact("ended_on", _l("Ended on"), Councillor.ended_on),
            ),
            of_resident(Councillor.resident_id),
        ),
        Pile(
            Councillor,
            _l("Councillors that I entered"),
            (Fact("made_at", _l("When"), Councillor.made_at),),
            lambda person: Councillor.made_by == person.account_id,
            key="councillor_entered",
        ),
        Pile(
            CouncilSeats,
            _l("Seats of the council that I set"),
            (Fact("set_at", _l("When"), CouncilSeats.set_at),),
            lambda person: CouncilSeats.set_by == person.account_id,
        ),
        Pile(
            Minutes,
            _l("Minutes that I wrote or signed"),
            (TITLE, Fact("written_at", _l("When"), Minutes.written_at)),
            lambda person: (
                (Minutes.written_by == person.account_id)
                | (Minutes.first_by == person.account_id)
                | (Minutes.second_by == person.account_id)
            ),
            joined=((Meeting, Meeting.id == Minutes.meeting_id),),
        ),
        Pile(
            MinutesCorrection,
            _l("Minutes that I corrected"),
            (
                Fact("text", _l("Text"), MinutesCorrection.text),
                Fact("written_at", _l("When"), MinutesCorrection.written_at),
            ),
            lambda person: MinutesCorrection.written_by == person.account_id,
        ),
        Pile(
            Meeting,
            _l("Meetings that I convened"),
            (TITLE, Fact("convened_at", _l("When"), Meeting.convened_at)),
            lambda person: Meeting.convened_by == person.account_id,
        ),
        Pile(
            MeetingStep,
            _l("Meetings that I opened, closed or called off"),
            (
                TITLE,
                Fact("kind", _l("What"), MeetingStep.kind, STEPS),
                Fact("done_at", _l("When"), MeetingStep.done_at),
            ),
            lambda person: MeetingStep.account_id == person.account_id,
            joined=((Meeting, Meeting.id == MeetingStep.meeting_id),),
        ),
    ),
    untold={
        "meeting_member.household_id": "the household the person was of, told with the roster row",
    },
)
