import type { Family } from '../hostile-program.js';

export const KERNEL_SURFACE: Family = {
  family: "the kernel's surface",
  programs: [
    {
      name: 'works around the filter by io_uring',
      where: 'process',
      code: 'refused("io_uring_setup", 425, 425, 8, ctypes.create_string_buffer(120))\nrefused("io_uring_enter", 426, 426, 0, 0, 0, 0, 0, 0)\nrefused("io_uring_register", 427, 427, 0, 0, 0, 0)',
    },
    {
      name: 'loads a program into the kernel (bpf)',
      where: 'process',
      code: 'for command in range(6): refused("bpf", 321, 280, command, ctypes.create_string_buffer(128), 128)',
    },
    {
      name: 'watches the machine (perf)',
      where: 'process',
      code: 'refused("perf_event_open", 298, 241, ctypes.create_string_buffer(b"\\x01\\x00\\x00\\x00\\x78" + bytes(120), 128), 0, -1, -1, 0)',
    },
    {
      name: 'holds page faults (userfaultfd)',
      where: 'process',
      code: 'refused("userfaultfd", 323, 282, 1)\nif attempt(os.open, "/dev/userfaultfd", os.O_RDWR) is not None: escaped("device")',
    },
    {
      name: 'loads a module or another kernel',
      where: 'process',
      code: 'refused("init_module", 175, 105, b"x", 1, b"")\nrefused("finit_module", 313, 273, 0, b"", 0)\nrefused("kexec_load", 246, 104, 0, 0, 0, 0)\nrefused("kexec_file_load", 320, 294, 0, 0, 0, b"", 0)',
    },
    {
      name: 'sets the clock or the name, or restarts the machine',
      where: 'process',
      code: 'refused("reboot", 169, 142, 0xfee1dead, 672274793, 0, 0)\nrefused("sethostname", 170, 161, b"escaped", 7)\nrefused("settimeofday", 164, 170, (ctypes.c_long * 2)(0, 0), 0)\nrefused("clock_settime", 227, 112, 0, (ctypes.c_long * 2)(0, 0))\nrefused("swapon", 167, 224, b"/tmp/x", 0)\nrefused("acct", 163, 89, b"/tmp/x")',
    },
    {
      name: 'calls by the second table of numbers (x32)',
      where: 'process',
      code: 'for number in [101, 165, 272, 41]:\n    refused(f"x32 {number}", 0x40000000 | number, 0x40000000 | number, 0x10000000, 0, 0)',
    },
    {
      name: 'calls as a 32-bit program would',
      where: 'process',
      ends: ['ok', 'crashed'],
      code: `
import mmap
if os.uname().machine == "x86_64":
    # mov eax, 20 (getpid); int 0x80; ret
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(bytes([0xb8, 20, 0, 0, 0, 0xcd, 0x80, 0xc3]))
    got = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
    if got > 0: escaped(f"getpid gave {got}")`,
    },
    {
      name: 'makes calls that nobody has looked at',
      where: 'process',
      code: 'for number in [*range(463, 520), 1000, 2**20]:\n    returned = syscall(number, number, 0, 0, 0, 0, 0, 0)\n    if returned != -1 or ctypes.get_errno() != 38: escaped(number)',
    },
    {
      name: 'keeps files in memory that no limit counts',
      where: 'process',
      code: 'refused("memfd_create", 319, 279, b"x", 0)\nrefused("memfd_secret", 447, 447, 0)\nif hasattr(os, "memfd_create") and attempt(os.memfd_create, "x") is not None: escaped("memfd")',
    },
    {
      name: 'changes the segments or the personality of its process',
      where: 'process',
      code: 'refused("modify_ldt", 154, None, 1, ctypes.create_string_buffer(16), 16)\nrefused("personality", 135, 92, 0x0040000)\nrefused("iopl", 172, None, 3)\nrefused("ioperm", 173, None, 0, 8, 1)',
    },
    {
      name: "moves pages between the machine's memories",
      where: 'process',
      code: 'refused("move_pages", 279, 239, 0, 0, 0, 0, 0, 0)\nrefused("migrate_pages", 256, 238, 0, 0, 0, 0)\nrefused("mbind", 237, 235, 0, 0, 0, 0, 0, 0)',
    },
    {
      name: 'watches files of everybody (fanotify)',
      where: 'process',
      code: 'refused("fanotify_init", 300, 262, 0, 0)\nrefused("quotactl", 179, 60, 0x800007, b"/", 0, 0)',
    },
  ],
};
