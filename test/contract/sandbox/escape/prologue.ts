/** What every hostile program begins with. */
export const PROLOGUE = `
import ctypes, json, os, sys, time
W = json.loads(W_TEXT)

def escaped(what):
    print("ESCAPED", str(what)[:300], flush=True)

def attempt(action, *arguments):
    """The value, or None if it is refused."""
    try:
        return action(*arguments)
    except (Exception, SystemExit):
        return None

def read(path, most=65536):
    def action():
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            return os.read(descriptor, most)
        finally:
            os.close(descriptor)
    return attempt(action)

def show(path):
    """Prints a file's content: whatever secret it holds, the host knows it."""
    content = read(path)
    if content is not None:
        print(content.decode("utf-8", "replace"))

def write(path, text="escaped"):
    def action():
        with open(path, "w") as file: file.write(text)
        return True
    return attempt(action)

def syscall(x64, arm64, *arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    number = {"x86_64": x64, "aarch64": arm64}[os.uname().machine]
    if number is None: return -1
    return libc.syscall(ctypes.c_long(number), *[ctypes.c_long(each) if isinstance(each, int) else each for each in arguments])

def refused(name, x64, arm64, *arguments):
    returned = syscall(x64, arm64, *arguments)
    if returned >= 0: escaped(name + " gave " + str(returned))
`;

/** Python source of the program, with the targets that it may know. */
export function withPrologue(code: string, targets: Readonly<Record<string, unknown>>): string {
  return `W_TEXT = ${JSON.stringify(JSON.stringify(targets))}${PROLOGUE}${code}\nprint("TRIED", flush=True)`;
}
