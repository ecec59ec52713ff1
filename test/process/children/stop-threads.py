"""Stops single threads of a process, given by their ids, until its standard input ends: the others run on."""

import ctypes
import sys

PTRACE_ATTACH, PTRACE_DETACH = 16, 17
WALL = 0x40000000

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def trace(request, thread):
    if libc.ptrace(request, thread, None, None) != 0:
        sys.exit(f"thread {thread} cannot be traced (errno {ctypes.get_errno()})")


threads = [int(argument) for argument in sys.argv[1:]]
for thread in threads:
    trace(PTRACE_ATTACH, thread)
    libc.waitpid(thread, None, WALL)
print("stopped", flush=True)
sys.stdin.read()
for thread in threads:
    trace(PTRACE_DETACH, thread)
