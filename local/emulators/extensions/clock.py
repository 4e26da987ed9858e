"""
Work that happens later, on the emulator's own event loop, in the account and region it was asked for in.

Every handler of the emulator runs on that loop, so work scheduled here never interleaves with a request: no locks.
"""

import asyncio
import contextvars
import logging
import os
import time

from ministack import app
from ministack.core.responses import get_account_id, get_region, request_scope

logger = logging.getLogger("aws-patterns")

# Seconds that an instance needs to start, stop or end; AWS takes about a minute.
DELAY = float(os.environ.get("AWS_PATTERNS_EC2_DELAY_SECONDS", "0.2"))
# Real seconds to one second of a lifecycle hook's timeout; tests shorten it, as AWS allows no timeout under 30 s.
HEARTBEAT_SCALE = float(os.environ.get("AWS_PATTERNS_HEARTBEAT_SCALE", "1"))


def now_text():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def on_loop(function, *arguments):
    """Run a function on the loop and wait for it, from whichever thread; the caller's account and region hold."""
    loop = app._MAIN_LOOP
    try:
        if asyncio.get_running_loop() is loop:
            return function(*arguments)
    except RuntimeError:
        pass
    context = contextvars.copy_context()

    async def run():
        return context.run(function, *arguments)

    return asyncio.run_coroutine_threadsafe(run(), loop).result()


def after(seconds, function, *arguments):
    """Run a function later in the present account and region. Returns a function that cancels it."""
    account, region = get_account_id(), get_region()
    timer = None

    def run():
        with request_scope(account, region):
            try:
                function(*arguments)
            except Exception:
                logger.exception("%s failed in the background", function.__qualname__)

    def schedule(loop):
        nonlocal timer
        timer = loop.call_later(seconds, run)

    loop = app._MAIN_LOOP
    try:
        running = asyncio.get_running_loop()
    except RuntimeError:
        running = None
    if running is loop:
        schedule(loop)
    else:
        loop.call_soon_threadsafe(schedule, loop)
    return lambda: timer.cancel() if timer else None
