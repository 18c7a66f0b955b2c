"""Dispatches one plugin's command through Errbot's test backend, for so many milliseconds as each line of stdin says.

Answers with a line: commands per second. It logs nothing but errors, and has sixteen commands in flight, as ours.
"""

import logging
import os
import sys
import time

answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)

from errbot.backends.test import TestBot  # noqa: E402

IN_FLIGHT = 16


def most_per_second(bot: TestBot, for_ms: float) -> float:
    began = time.perf_counter()
    for _ in range(IN_FLIGHT):
        bot.push_message("!sender")
    done = 0
    while time.perf_counter() < began + for_ms / 1000:
        hear(bot)
        bot.push_message("!sender")
        done += 1
    for _ in range(IN_FLIGHT):
        hear(bot)
    return (done + IN_FLIGHT) / (time.perf_counter() - began)


def hear(bot: TestBot) -> None:
    answer = bot.pop_message(timeout=60)
    if answer != "You are ana.":
        raise RuntimeError(f"Errbot answered {answer!r}")


def main(plugins: str) -> None:
    admins = {"BOT_ADMINS": ("ana",)}
    bot = TestBot(extra_plugin_dir=plugins, loglevel=logging.ERROR, extra_config=admins)
    bot.start(timeout=60)
    for line in sys.stdin:
        print(most_per_second(bot, float(line)), file=answers)
    os._exit(0)


main(sys.argv[1])
