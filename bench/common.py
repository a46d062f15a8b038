"""What every bench file shares: statistics, processes started and stopped by id, CPU accounting, one line of context."""

import contextlib
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

PG = os.environ.get("BENCH_PG", "postgresql+psycopg://postgres@127.0.0.1:55433/floor")
WORK = Path(os.environ.get("BENCH_TMP", tempfile.gettempdir())) / "bench"
WORK.mkdir(parents=True, exist_ok=True)


def context() -> dict:
    """When and on what: stands beside every set of figures, because the machine is shared."""
    return {
        "at": time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime()),
        "load": [round(x, 2) for x in os.getloadavg()],
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def quantile(values, q: float) -> float:
    """Nearest-rank quantile; q in 0..1. Empty gives nan."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, int(-(-q * len(ordered) // 1)) - 1))]


def spread(values) -> dict:
    """min / median / max of one figure over the runs."""
    values = [v for v in values if v == v]
    if not values:
        return {}
    return {
        k: round(f(values), 4)
        for k, f in (("min", min), ("median", statistics.median), ("max", max))
    }


def timed(work, *args):
    """(seconds, result) of one call."""
    start = time.perf_counter()
    result = work(*args)
    return time.perf_counter() - start, result


def interleave(jobs: dict, runs: int = 3) -> dict:
    """Runs every job once, then all again, `runs` times; a job returns a number. {name: [numbers]}.

    A B C A B C rather than A A B B: on a shared machine the drift then falls on all alike.
    """
    out = {name: [] for name in jobs}
    for _ in range(runs):
        for name, job in jobs.items():
            out[name].append(job())
    return out


def report(title: str, rows: dict, unit: str, base: str | None = None) -> dict:
    """Prints and returns {name: spread}; with `base`, also the ratio to it, run by run."""
    print(f"\n## {title} [{unit}]  {json.dumps(context())}")
    result = {}
    for name, values in rows.items():
        s = spread(values)
        line = f"{name:38} {s.get('min', ''):>12} {s.get('median', ''):>12} {s.get('max', ''):>12}"
        if base and name != base:
            s["ratio"] = spread([a / b for a, b in zip(values, rows[base]) if b])
            line += f"   x{s['ratio'].get('median', '')} of {base}"
        print(line, flush=True)
        result[name] = s
    return result


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_port(port: int, seconds: float = 20) -> float:
    """Seconds until something listens on the loopback port."""
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return time.perf_counter() - start
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens on {port}")


class Server:
    """A server process group under measurement; stopped by its own id."""

    def __init__(self, argv, port: int, env=None, cwd=None, log="server.log", http=True):
        self.port = port
        self.log = open(WORK / log, "ab")
        self.process = subprocess.Popen(
            [str(a) for a in argv],
            env={**os.environ, **(env or {})},
            cwd=cwd,
            stdout=self.log,
            stderr=self.log,
        )
        start = time.perf_counter()
        try:
            wait_port(port)
            if http:
                with socket.create_connection(("127.0.0.1", port), 30) as s:
                    s.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    s.recv(1)
        except (TimeoutError, OSError):
            self.stop()
            raise
        self.cold_start = time.perf_counter() - start  # to the first answer, whatever it says

    def members(self):
        me = psutil.Process(self.process.pid)
        return [me, *me.children(recursive=True)]

    def cpu(self) -> float:
        """CPU seconds so far of the server and of PostgreSQL, if it runs."""
        return cpu_of(self.members()) + postgres_cpu()

    def memory(self) -> dict:
        """MiB per process: resident, and proportional where shared pages are split fairly."""
        rows = [p.memory_full_info() for p in self.members()]
        return {
            "rss": [round(r.rss / 2**20, 1) for r in rows],
            "pss": [round(r.pss / 2**20, 1) for r in rows],
        }

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def cpu_of(processes) -> float:
    total = 0.0
    for p in processes:
        with contextlib.suppress(psutil.Error):
            t = p.cpu_times()
            total += t.user + t.system
    return total


def postgres_cpu() -> float:
    """CPU of the PostgreSQL that listens on the port of BENCH_PG, with what its ended backends used."""
    port = PG.rsplit(":", 1)[-1].split("/")[0]
    for p in psutil.process_iter(["name", "ppid"]):
        if p.info["name"] != "postgres":
            continue
        with contextlib.suppress(psutil.Error):
            parent = p.parent()
            if parent and parent.name() == "postgres":
                continue
            if not any(
                c.laddr.port == int(port)
                for c in p.net_connections()
                if c.status == psutil.CONN_LISTEN
            ):
                continue
            t = p.cpu_times()
            return t.user + t.system + t.children_user + t.children_system + cpu_of(p.children())
    return 0.0


def gunicorn(python, app: str, port: int, *extra) -> list:
    """The one way all servers are served: two workers, four threads each, kept connections."""
    return [
        python,
        "-m",
        "gunicorn",
        "-w",
        "2",
        "-k",
        "gthread",
        "--threads",
        "4",
        "--keep-alive",
        "30",
        "--backlog",
        "4096",
        "--worker-connections",
        "12000",
        "-b",
        f"127.0.0.1:{port}",
        "--log-level",
        "warning",
        *extra,
        app,
    ]


def scratch(name: str) -> Path:
    """An empty folder of that name."""
    path = WORK / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def save(name: str, data) -> None:
    out = Path(os.environ.get("BENCH_OUT", WORK)) / f"{name}.jsonl"
    with open(out, "a") as f:
        f.write(json.dumps({**context(), **data}) + "\n")


if __name__ == "__main__":
    json.dump(context(), sys.stdout)
