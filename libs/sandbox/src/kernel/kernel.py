"""Runs cells in one namespace that stays: the semantics shared by every transport.

A transport makes a Kernel with `send(event)`, which carries a dict of plain values to the host, and calls
`run(source)` once per cell. Standard library only; imports that cost start-up time happen on first use.
"""

import _ast
import _signal
import os
import sys
import types

WORKSPACE = "/mnt/data"
RESULT_CHARACTERS = 200_000
FIGURES_PER_CELL = 20
SAVED_MARK = "_saved_by_the_code"


class Kernel:
    def __init__(self, send):
        self.send = send
        self.interruptible = False
        self.cells = 0
        self.sources = {}
        self.module = types.ModuleType("__main__")
        self.module.__builtins__ = __builtins__
        sys.modules["__main__"] = self.module
        sys.meta_path.insert(0, FigureWatch())
        # At the end: a data file called `json.py` must not replace the standard library's.
        sys.path.append(WORKSPACE)

    def on_interrupt(self, _number, _frame):
        """Raises at most once a cell, and never inside the kernel's own work."""
        if self.interruptible:
            self.interruptible = False
            raise KeyboardInterrupt

    def run(self, source):
        """Runs one cell and answers `ok`, `error` or `interrupted`."""
        self.cells += 1
        name = f"<cell {self.cells}>"
        self.sources[name] = source
        _signal.signal(_signal.SIGINT, self.on_interrupt)
        self.interruptible = True
        try:
            try:
                return self._execute(source, name)
            finally:
                self.interruptible = False
        except KeyboardInterrupt:
            self.interruptible = False
            print("KeyboardInterrupt", file=sys.stderr)
            return "interrupted"

    def _execute(self, source, name):
        status = "ok"
        try:
            self._evaluate(source, name)
        except KeyboardInterrupt:
            status = "interrupted"
            self._print_traceback()
        except SystemExit as stop:
            if stop.code not in (None, 0):
                status = "error"
                print(stop.code, file=sys.stderr)
        except BaseException:
            status = "error"
            self._print_traceback()
        if status != "interrupted":
            self._send_figures()
        return status

    def _evaluate(self, source, name):
        tree = compile(source, name, "exec", _ast.PyCF_ONLY_AST, True)
        last = None
        if tree.body and isinstance(tree.body[-1], _ast.Expr) and not source.rstrip().endswith(";"):
            last = _ast.Expression(tree.body.pop().value)
        if "matplotlib" in source:
            quieten_show()
        scope = self.module.__dict__
        exec(compile(tree, name, "exec", 0, True), scope)
        if last is None:
            return
        value = eval(compile(last, name, "eval", 0, True), scope)
        if value is not None:
            self.send({"event": "result", "text": shorten(repr(value))})

    def _print_traceback(self):
        import linecache
        import traceback

        for name, source in self.sources.items():
            linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        report = traceback.TracebackException(*sys.exc_info(), compact=True)
        keep_user_frames(report, set())
        print("".join(report.format()), end="", file=sys.stderr)

    def _send_figures(self):
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is None:
            return
        try:
            for number in list(pyplot.get_fignums())[:FIGURES_PER_CELL]:
                figure = pyplot.figure(number)
                if not getattr(figure, SAVED_MARK, False):
                    name = free_figure_name()
                    figure.savefig(os.path.join(WORKSPACE, name), format="png", bbox_inches="tight")
                    self.send({"event": "image", "name": name})
            pyplot.close("all")
        except Exception:
            self._print_traceback()


def preload(names):
    """Imports ahead of the first cell. What fails here fails again, and tells why, in the cell that wants it."""
    import gc
    import importlib

    for name in names:
        try:
            importlib.import_module(name)
        except BaseException:
            pass
    # What was made by now stays to the end: looking through it again and again would slow the cells.
    gc.collect()
    gc.freeze()


def shorten(text):
    if len(text) <= RESULT_CHARACTERS:
        return text
    return text[:RESULT_CHARACTERS] + f"... ({len(text) - RESULT_CHARACTERS} more characters)"


def keep_user_frames(report, seen):
    """Drops every frame that is neither a cell nor a file of the workspace, in the causes too."""
    if report is None or id(report) in seen:
        return
    seen.add(id(report))
    report.stack[:] = [frame for frame in report.stack if frame.filename.startswith(("<cell ", WORKSPACE))]
    keep_user_frames(report.__cause__, seen)
    keep_user_frames(report.__context__, seen)
    for inner in getattr(report, "exceptions", None) or ():
        keep_user_frames(inner, seen)


def free_figure_name():
    number = 1
    while os.path.lexists(os.path.join(WORKSPACE, f"figure-{number}.png")):
        number += 1
    return f"figure-{number}.png"


def quieten_show():
    """plt.show() is what programs say; Agg's remark that there is no window helps nobody."""
    import warnings

    warnings.filterwarnings("ignore", message=".*(is non-interactive|non-GUI backend)")


class FigureWatch:
    """Notes the figures that the code saved itself, so that they do not come out twice."""

    def find_spec(self, name, path=None, target=None):
        if name != "matplotlib.figure":
            return None
        sys.meta_path.remove(self)
        import importlib.util

        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module

        def execute_and_wrap(module):
            execute(module)
            savefig = module.Figure.savefig

            def noting_savefig(figure, fname, *arguments, **options):
                savefig(figure, fname, *arguments, **options)
                if isinstance(fname, (str, os.PathLike)):
                    setattr(figure, SAVED_MARK, True)

            noting_savefig.__doc__ = savefig.__doc__
            module.Figure.savefig = noting_savefig

        spec.loader.exec_module = execute_and_wrap
        return spec
