"""Manual pages of our own making, in the two forms that Sphinx gave QEMU's."""

#: What both begin with, shortened; an old page lists its contents.
_BEGINNING = r"""'\" t
.\" Man page generated from reStructuredText.
.
.de1 INDENT
. RS \\$1
..
.TH "QEMU-QMP-REF" "7" "Jan 01, 2026" "{version}" "QEMU"
.SH NAME
qemu-qmp-ref \- a manual for tests
.INDENT 0.0
.IP \(bu 2
\fI\%device_add (Command)\fP
.UNINDENT
"""

BEFORE_10 = (
    _BEGINNING.replace("{version}", "7.2.99")
    + r"""
.SH DEVICES
.SS \fBdevice_add\fP (Command)
.sp
Plugs a thing
into the machine\(aqs board.
.SS Arguments
.INDENT 0.0
.TP
.B \fBdriver\fP: \fBstring\fP
which kind of thing
.sp
There are many kinds.
.TP
.B \fBid\fP: \fBstring\fP (optional)
what it is called
.UNINDENT
.SS Notes
.INDENT 0.0
.IP 1. 3
More can be said:
.INDENT 3.0
.IP \(bu 2
of one thing
.IP \(bu 2
of another
.UNINDENT
.IP 2. 3
Less can\(aqt.
.UNINDENT
.SS Example
.INDENT 0.0
.INDENT 3.5
.sp
.nf
.ft C
\-> { \(dqexecute\(dq: \(dqdevice_add\(dq,
      \(dqarguments\(dq: { \(dqdriver\(dq: \(dqe1000\(dq } }

<\- { \(dqreturn\(dq: {} }
.ft P
.fi
.UNINDENT
.UNINDENT
.SS Since
.sp
0.13
.SS \fBBLOCK_JOB_COMPLETED\fP (Event)
.sp
Tells of a job\(aqs end.
.SS Table of ends
.TS
center;
|l|l|.
_
T{
error
T}	T{
end
T}
_
T{
absent
T}	T{
good
T}
_
.TE
.SS A chapter in the chapter
.SS \fBx\-Thing\fP (Enum)
.sp
Things.
.SH JOBS
.sp
Not of the enumeration.
"""
)

SINCE_10 = (
    _BEGINNING.replace("{version}", "10.0.99")
    + r"""
.SH DEVICES
.INDENT 0.0
.TP
.B Command device_add (Since: 0.13)
Plugs a thing
into the machine\(aqs board.
.INDENT 7.0
.TP
.B Arguments
.INDENT 7.0
.IP \(bu 2
\fBdriver\fP (\fBstring\fP) \-\- which kind of thing
.sp
There are many kinds.
.IP \(bu 2
\fBid\fP (\fBstring\fP, \fIoptional\fP) \-\- what it is called
.UNINDENT
.UNINDENT
.INDENT 7.0
.INDENT 3.5
.IP "Notes"
.INDENT 0.0
.IP 1. 3
More can be said:
.INDENT 3.0
.IP \(bu 2
of one thing
.IP \(bu 2
of another
.UNINDENT
.IP 2. 3
Less can\(aqt.
.UNINDENT
.UNINDENT
.UNINDENT
.INDENT 7.0
.INDENT 3.5
.IP "Example:"
.INDENT 0.0
.INDENT 3.5
.sp
.EX
\-> { \(dqexecute\(dq: \(dqdevice_add\(dq,
      \(dqarguments\(dq: { \(dqdriver\(dq: \(dqe1000\(dq } }

<\- { \(dqreturn\(dq: {} }
.EE
.UNINDENT
.UNINDENT
.UNINDENT
.UNINDENT
.UNINDENT
.SS A chapter in the chapter
.INDENT 0.0
.TP
.B Event BLOCK_JOB_COMPLETED (Since: 1.1)
Tells of a job\(aqs end.
.UNINDENT
.INDENT 0.0
.TP
.B Enum x\-Thing
Things.
.UNINDENT
.SH JOBS
.sp
Not of the enumeration.
"""
)
