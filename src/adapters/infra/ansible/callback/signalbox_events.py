"""
The only voice of a run: a line of JSON on file descriptor 3 for everything that happens, instead of text on stdout.

The same descriptor is the run's lifeline. Whoever started ansible-playbook writes to it every few seconds; when that
ends, because it is gone or hangs, nobody would ever learn what comes of this run, and another worker may start its own.
So this one ends then, with everything that it has started on this machine.

Works with ansible-core alone, from 2.14 on. The names that start with an underscore are how callbacks of that version
get at a result; later ones have both.
"""

import hashlib
import json
import os
import select
import shutil
import signal
import threading
import time

from ansible.playbook.handler import Handler
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
  name: signalbox_events
  type: stdout
  short_description: lines of JSON for signalbox
  description: One line of JSON on file descriptor 3 for each event of a run.
  options: {}
"""

CHANNEL = 3
#: The folder of the run, with its secrets. In the environment it also marks every process of the run.
RUN = os.environ["SIGNALBOX_RUN"]
MARK = ("SIGNALBOX_RUN=" + RUN).encode()
#: Characters of one text. It is cut between lines, so that a secret in it stays whole and is recognized.
LONGEST_TEXT = 65536
#: What is not there for a moment while it runs. Handlers mostly are such; of other tasks only these modules are known to be.
RESTARTING = {"service", "systemd", "systemd_service", "sysvinit", "reboot"}
#: What a task skipped for a reason of its own says; one that cannot be previewed has neither.
REASONS = ("skip_reason", "skipped_reason")


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "signalbox_events"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        threading.Thread(target=watch_lifeline, daemon=True).start()

    def v2_playbook_on_play_start(self, play):
        say(event="play", name=str(play.get_name()))

    def v2_playbook_on_task_start(self, task, is_conditional):
        say(event="task", task=str(task.get_name()))

    def v2_playbook_on_handler_task_start(self, task):
        say(event="task", task=str(task.get_name()))

    def v2_playbook_on_no_hosts_matched(self):
        say(event="no-hosts-matched")

    def v2_runner_on_ok(self, result):
        self.tell(result, "changed" if of(result).get("changed") else "ok")

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.tell(result, "ignored" if ignore_errors else "failed")

    def v2_runner_on_unreachable(self, result):
        self.tell(result, "unreachable")

    def v2_runner_on_skipped(self, result):
        self.tell(result, "skipped")

    def v2_playbook_on_stats(self, stats):
        hosts = {host: stats.summarize(host) for host in sorted(stats.processed)}
        say(event="stats", hosts=hosts)

    def tell(self, result, outcome):
        values = of(result)
        diff = self.diff_of(values)
        say(
            event="result",
            host=str(result._host.get_name()),
            task=str(result._task.get_name()),
            outcome=outcome,
            says=[shorten(text) for text in words_of(values)],
            diff=shorten(diff),
            change=change_of(values, diff),
            unseen=is_unseen(result._task, values, outcome),
            restarts=is_restart(result._task),
        )

    def diff_of(self, values):
        """Of the task, or of every turn of its loop. A task with no_log has none: Ansible has taken it out by now."""
        diffs = [plain(part) for part in parts_of(values) if part.get("diff")]
        return "\n".join(str(self._get_diff(diff)).strip("\n") for diff in diffs)


def of(result):
    """What a task gave, censored where it has no_log."""
    return result._result


def parts_of(values):
    return [values, *(item for item in values.get("results", []) if isinstance(item, dict))]


def file_of(part):
    """The path that it was about; empty when it was about something else."""
    invocation = part.get("invocation")
    arguments = invocation.get("module_args", {}) if isinstance(invocation, dict) else {}
    return str(arguments.get("dest") or arguments.get("path") or part.get("path") or "")


def plain(part):
    """The diff of a part. It names a file of this run, which is another one each time, by what it is to become."""
    diffs = part["diff"] if isinstance(part["diff"], list) else [part["diff"]]
    return [
        {**diff, "after_header": file_of(part)} if str(diff.get("after_header", "")).startswith(RUN + "/tmp/") else diff
        for diff in diffs
    ]


def change_of(values, diff):
    lines = diff.splitlines()
    files = [file_of(part) for part in parts_of(values) if part.get("changed")]
    return {
        "files": [shorten(file) for file in dict.fromkeys(files) if file],
        "added": sum(line.startswith("+") and not line.startswith("+++ after") for line in lines),
        "removed": sum(line.startswith("-") and not line.startswith("--- before") for line in lines),
        # So that whoever compares two diffs compares all of both.
        "left_out": hashlib.sha256(left_out(diff).encode("utf-8", "replace")).hexdigest() if left_out(diff) else "",
    }


def is_unseen(task, values, outcome):
    """Skipped because check mode cannot tell what it would do. Where the reason is hidden, that may well be it."""
    turns = [part for part in parts_of(values)[1:] if part.get("skipped")]
    skipped = turns or ([values] if outcome == "skipped" else [])
    return bool(task.check_mode) and any(not any(reason in part for reason in REASONS) for part in skipped)


def is_restart(task):
    return isinstance(task, Handler) or str(task.action).rsplit(".", 1)[-1] in RESTARTING


def words_of(values):
    """What a task says of itself, the plainest first."""
    failed = [item for item in values.get("results", []) if isinstance(item, dict) and item.get("failed")]
    for part in failed[:1] or [values]:
        for key in ("msg", "stderr", "module_stderr", "stdout", "module_stdout", "censored"):
            text = part.get(key)
            if isinstance(text, str) and text.strip():
                yield text.strip()


def shorten(text):
    rest = left_out(text)
    return text[: len(text) - len(rest)] + "[%d characters left out]" % len(rest) if rest else text


def left_out(text):
    """What is too much of a text, from the beginning of a line on."""
    return "" if len(text) <= LONGEST_TEXT else text[text.rfind("\n", 0, LONGEST_TEXT) + 1 :]


def say(**event):
    data = memoryview((json.dumps(event, default=str) + "\n").encode("utf-8", "replace"))
    while data:
        try:
            data = data[os.write(CHANNEL, data) :]
        except BlockingIOError:
            select.select([], [CHANNEL], [])


def watch_lifeline():
    patience = float(os.environ["SIGNALBOX_LIFELINE_SECONDS"])
    while select.select([CHANNEL], [], [], patience)[0]:
        try:
            if os.read(CHANNEL, 4096) == b"":
                break
        except BlockingIOError:
            continue
        except OSError:
            break
    end_everything()


def end_everything():
    """From a process of its own, since this one is among those that end."""
    child = os.fork()
    if child == 0:
        os.setsid()
        end_the_rest()
        os._exit(0)
    # Where there is a /proc, this process does not live to see that.
    os.waitpid(child, 0)
    # Only a group that was made for this run: without one, it would be somebody's shell.
    if os.getpgid(0) == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def end_the_rest():
    """Several times, since what is about to end may have started something after we looked."""
    for _ in range(5):
        shutil.rmtree(RUN, ignore_errors=True)
        for pid in filter(str.isdigit, os.listdir("/proc") if os.path.isdir("/proc") else []):
            if int(pid) != os.getpid() and is_of_this_run(pid):
                end_process(int(pid))
        time.sleep(0.2)


def end_process(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        pass  # It ended by itself.


def is_of_this_run(pid):
    """An SSH master has written its title over its environment; the title names its socket."""
    title = ("ssh: " + RUN + "/").encode()
    return read(pid, "cmdline").startswith(title) or MARK in read(pid, "environ").split(b"\0")


def read(pid, name):
    try:
        with open("/proc/%s/%s" % (pid, name), "rb") as file:
            return file.read()
    except OSError:
        return b""
