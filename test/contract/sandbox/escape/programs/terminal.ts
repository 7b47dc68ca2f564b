import type { Family } from '../hostile-program.js';

export const TERMINAL: Family = {
  family: "the server's terminal",
  programs: [
    {
      name: 'types into it',
      where: 'process',
      code: 'import fcntl\nfor descriptor in (0, 1, 2):\n    for request in (0x5412, 0x541C):\n        if attempt(lambda: fcntl.ioctl(descriptor, request, b"x") or True): escaped(hex(request))\nrefused("TIOCSTI with high bits", 16, 29, 0, 0x100005412, b"x")',
    },
    {
      name: 'opens it',
      where: 'process',
      code: 'for name in ["tty", "console", "tty0", "tty1", "ttyS0", "pts/0", "pts/1", "vcs", "vcsa"]:\n    if attempt(os.open, "/dev/" + name, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY) is not None: escaped(name)\nif os.isatty(0) or os.isatty(1) or os.isatty(2): escaped("a terminal")',
    },
    {
      name: 'takes one for its own',
      where: 'process',
      code: 'import fcntl\nif attempt(lambda: os.tcgetpgrp(0)) is not None: escaped("a foreground group")\nif attempt(lambda: os.getpgid(os.getppid() or 1)) not in (None, 0, 1, 2): escaped("a group of the host")',
    },
    {
      name: 'stops the server as Ctrl-C and Ctrl-Z would',
      where: 'process',
      code: 'import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nsignal.signal(signal.SIGTSTP, signal.SIG_IGN)\nfor number in (signal.SIGINT, signal.SIGTSTP, signal.SIGHUP):\n    signal.signal(number, signal.SIG_IGN)\n    attempt(os.killpg, 0, number)',
    },
  ],
};
