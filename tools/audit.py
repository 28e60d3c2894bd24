"""Looks the pinned packages up among known vulnerabilities; says plainly what could not be looked up.

    python tools/audit.py requirements.lock

Exit code 1 when a package has a known vulnerability that a newer version mends or nobody does.
"""

import json
import subprocess
import sys

lock = sys.argv[1]
command = [sys.executable, "-m", "pip_audit", "--requirement", lock, "--no-deps", "--disable-pip", "--format", "json"]
ran = subprocess.run([*command, "--progress-spinner", "off"], check=False, capture_output=True, text=True)  # noqa: S603
try:
    packages = json.loads(ran.stdout)["dependencies"]
except ValueError:
    last = (ran.stderr.strip().splitlines() or ["no reason given"])[-1]
    print(f"audit: {lock} was not looked up: {last[:200]}")
    sys.exit(0)  # no service from here: the tree is not at fault
faults = [(each["name"], each["version"], fault) for each in packages for fault in each.get("vulns", [])]
for name, version, fault in faults:
    print(f"audit: {name} {version}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'no version yet'}")
unknown = sum("skip_reason" in each for each in packages)
print(f"audit: {len(packages) - unknown} packages looked up, {len(faults)} known vulnerabilities")
if unknown:
    print(f"audit: {unknown} could not be looked up: the vulnerability service is out of reach, or does not know them")
sys.exit(bool(faults))
