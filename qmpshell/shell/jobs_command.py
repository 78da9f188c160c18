"""``/jobs``: how far jobs and the migration are, on lines that are drawn over and over."""

from __future__ import annotations

from prompt_toolkit.application import Application, get_app
from prompt_toolkit.formatted_text import ANSI, AnyFormattedText
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import FormattedTextControl, Layout, Window

from qmpshell.client.activity import Activity
from qmpshell.errors import ConnectionLost, UsageError
from qmpshell.progress import Progress
from qmpshell.render import Role, plain
from qmpshell.render.jobs_table import jobs_table
from qmpshell.render.wrap import cut
from qmpshell.shell.polling import ask
from qmpshell.shell.session import Session

#: How long to wait for what the machine says of them now, in seconds.
_PATIENCE = 1.0

_HINT = "any key leaves this; the jobs go on"

#: What a terminal says of itself comes like a key, and is none.
_NO_KEYS = (Keys.CPRResponse, Keys.Ignore, Keys.Vt100MouseEvent, Keys.WindowsMouseEvent)


def show_jobs(session: Session) -> None:
    """Show them until a key is pressed; at once if nothing becomes of them by itself.

    Parameters:
        session: whose machine's.

    Raises:
        GivenUp: Ctrl-C before the machine had answered.
        ConnectionLost: there is no connection, or it ended.
        UsageError: the server isn't one that has them.
    """
    if session.client.closed:
        raise ConnectionLost("not connected; /reconnect, or Ctrl-D")
    activity = session.activity
    if activity is None:
        raise UsageError("with -N nothing is known of this server: it may not have jobs")
    activity.expect_news()
    if activity.answered:
        ask(session)
    session.pause(_PATIENCE, until=lambda: activity.answered)
    view = _View(session, activity)
    if not activity.answered or not activity.resting:
        view.run()
    view.show()


class _View:
    def __init__(self, session: Session, activity: Activity) -> None:
        self._session = session
        self._activity = activity
        self._seen: dict[tuple[str, str], Progress] = {}

    def run(self) -> None:
        """Draw them over and over, until a key is pressed or the connection ends.

        An answer that comes late ends it as well, if nothing becomes of them by itself.
        """
        window = Window(FormattedTextControl(self._text, show_cursor=False))
        app: Application[None] = Application(
            Layout(window), key_bindings=_any_key(), erase_when_done=True
        )

        awaited = not self._activity.answered

        def end_by_itself(_: object) -> None:
            nonlocal awaited
            came = awaited and self._activity.answered
            awaited = awaited and not came
            over = self._session.client.closed or (came and self._activity.resting)
            if over and not app.is_done:
                app.exit()

        app.before_render += end_by_itself
        try:
            app.run(pre_run=lambda: self._session.appeared(app))
        finally:
            self._session.printer.prompt_gone()

    def show(self) -> None:
        """Leave them standing as they are now."""
        printer = self._session.printer
        if self._session.client.closed:
            return
        if jobs := self._jobs():
            printer.show(jobs_table(jobs, printer.width - 1, marks=printer.bar.marks))
        else:
            printer.note(self._nothing())

    def _jobs(self) -> list[Progress]:
        """Return them in the order in which they were first seen, those too that are gone."""
        gone = {key: Progress(key[0], "ended", type=key[1]) for key in self._seen}
        # A job may well be called like the migration.
        self._seen = gone | {(job.label, job.type): job for job in self._activity.known}
        return list(self._seen.values())

    def _nothing(self) -> str:
        if not self._activity.answered:
            return "the machine hasn't said yet which jobs there are"
        return "no jobs, and no migration"

    def _text(self) -> AnyFormattedText:
        printer = self._session.printer
        size = get_app().output.get_size()
        hint = [(Role.COMMENT, _HINT)]
        if jobs := self._jobs():
            table = jobs_table(jobs, size.columns - 1, size.rows - 1, printer.bar.marks)
        else:
            table = [(Role.NOTE, self._nothing())]
        styled = [*table, (Role.TEXT, "\n"), *cut(hint, size.columns - 1)]
        return ANSI(printer.theme.paint(styled)) if printer.theme else plain(styled)


def _any_key() -> KeyBindings:
    keys = KeyBindings()

    def end(event: KeyPressEvent) -> None:
        # Ctrl-C may come as a signal when it is leaving already.
        if not event.app.is_done:
            event.app.exit()

    # prompt_toolkit prefers its own bindings of special keys to one for any key.
    for key in (Keys.Any, *(key for key in Keys if key not in _NO_KEYS)):
        keys.add(key)(end)
    return keys
