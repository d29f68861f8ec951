"""Makes .venv from the hashed lock when that is needed, then becomes the wanted command.

    python3 bootstrap.py run | test | check | messages | lock | ...   [arguments]

Standard library only, and readable by any Python 3, so that an old one gets a clear word.
docs/decisions/bootstrap.md says why it is done this way.
"""

import fcntl
import hashlib
import json
import os
import shutil
import ssl
import subprocess
import sys

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "installed.json")
RUNTIME, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"

# command: (the lock it needs, what it becomes)
COMMANDS = {
    "run": (RUNTIME, [PYTHON, "manage.py", "run_all"]),
    # Three on two processors: some tests wait for processes, the others use what is free meanwhile.
    "test": (DEVELOPMENT, [PYTHON, "-m", "pytest", "-n", "3", "--dist", "loadgroup"]),
    "check": (DEVELOPMENT, [PYTHON, os.path.join(".ci", "check.py")]),
    "lock": (DEVELOPMENT, [PYTHON, os.path.join(".ci", "lock.py")]),
    "messages": (RUNTIME, [PYTHON, os.path.join(".ci", "messages.py")]),
    "bench": (RUNTIME, [PYTHON, "-m", "tests.bench"]),
    "fuzz": (DEVELOPMENT, [PYTHON, "-m", "tests.fuzz.run"]),
    "faults": (DEVELOPMENT, [PYTHON, "-m", "tests.faults"]),
    "load": (DEVELOPMENT, [PYTHON, "-m", "tests.load"]),
    "screenshots": (DEVELOPMENT, [PYTHON, "docs/screenshots/take.py"]),
}
TRUSTED = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")


def main(arguments):
    if not arguments or arguments[0] not in COMMANDS:
        sys.exit("usage: python3 bootstrap.py %s [arguments]" % " | ".join(COMMANDS))
    be_new_enough()
    os.chdir(ROOT)
    lock, command = COMMANDS[arguments[0]]
    make_venv(lock)
    for name in ("PYTHONPATH", "PYTHONHOME"):  # nothing from outside the clone
        os.environ.pop(name, None)
    compile_catalogues()
    os.execv(command[0], command + arguments[1:])


def be_new_enough():
    """Goes on with a newer Python of this machine when this one is too old."""
    if sys.version_info[:2] >= OLDEST:
        return
    for minor in range(OLDEST[1], OLDEST[1] + 4):
        newer = shutil.which("python3.%d" % minor)
        if newer:
            os.execv(newer, [newer, *sys.argv])
    sys.exit(
        "This needs Python %d.%d or newer; %s is %s. Install one, or name it: make PYTHON=..."
        % (*OLDEST, sys.executable, sys.version.split()[0])
    )


def make_venv(lock):
    """Brings .venv up to what the lock says. A second caller waits for the first."""
    with open(os.path.abspath(__file__)) as this_file:
        fcntl.flock(this_file, fcntl.LOCK_EX)
        wanted = fingerprint(lock)
        if is_current(read_stamp(), wanted):
            return
        if not has_pip():
            say("Making .venv ...")
            if subprocess.call([sys.executable, "-m", "venv", "--clear", VENV]):
                sys.exit("Python's venv did not work; on Debian it is the package python3-venv.")
        say("Installing what %s lists ..." % lock)
        if os.path.exists(STAMP):
            os.remove(STAMP)  # a half-done installation must not look whole
        install(lock)
        with open(STAMP, "w") as stamp:
            json.dump(wanted, stamp)


def fingerprint(lock):
    """What decides whether an installation is still right: place, Python, contents of locks.

    The development lock holds all of the runtime lock, so it stands for both.
    """
    found = {"place": os.path.realpath(VENV), "python": "%d.%d" % sys.version_info[:2]}
    for name in {RUNTIME, lock}:
        with open(os.path.join(ROOT, name), "rb") as file:
            found[name] = hashlib.sha256(file.read()).hexdigest()
    return found


def is_current(stamp, wanted):
    """Whether an installation with this stamp has all that is wanted."""
    return all(stamp.get(name) == value for name, value in wanted.items())


def read_stamp():
    try:
        with open(STAMP) as file:
            found = json.load(file)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and os.access(PYTHON, os.X_OK) else {}


def has_pip():
    """Whether .venv works: one made half-way, moved or of another Python is made again."""
    asked = "import pip, sys; print('%d.%d' % sys.version_info[:2], sys.prefix)"
    try:
        told = subprocess.check_output([PYTHON, "-c", asked], stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return False
    mine = "%d.%d %s" % (*sys.version_info[:2], VENV)
    return told.decode().strip() == mine


def install(lock):
    """Installs the lock's wheels, each checked against its hash, by no settings but these."""
    command = [PYTHON, "-m", "pip", "--isolated", "--disable-pip-version-check", "install"]
    command += ["--quiet", "--no-input", "--timeout", "60", "--require-hashes"]
    command += ["--only-binary", ":all:", "-r", os.path.join(ROOT, lock)]
    certificates = trusted_certificates()
    if certificates:
        command += ["--cert", certificates]
    environment = dict(os.environ, PIP_CONFIG_FILE=os.devnull)
    if subprocess.call(command, env=environment):
        sys.exit("The installation failed; the lines above say why. Run the same command again.")


def compile_catalogues():
    """Makes each .mo whose .po has changed since; only the texts are committed."""
    for folder, _, files in os.walk(os.path.join(ROOT, "locale")):
        text, made = (os.path.join(folder, "django." + kind) for kind in ("po", "mo"))
        if "django.po" in files and changed_at(made) < changed_at(text):
            if subprocess.call([PYTHON, "manage.py", "compile_catalogues"]):
                sys.exit("A catalogue in locale/ cannot be compiled; the lines above say why.")
            return


def changed_at(path):
    return os.path.getmtime(path) if os.path.exists(path) else 0


def trusted_certificates():
    """The certificates this machine trusts; pip would only know those it brings along."""
    asked = ssl.get_default_verify_paths()
    for path in (os.environ.get("SSL_CERT_FILE"), asked.cafile, *TRUSTED):
        if path and os.path.isfile(path):
            return path
    return None


def say(line):
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
