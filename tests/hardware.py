"""A hardware module in software (SoftHSM2), one for all tests of a process: its library reads its tokens only once."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tiemchung.hcert.hsm import HsmToken

MODULE = next((str(path) for path in Path("/usr/lib").glob("**/softhsm/libsofthsm2.so")), "")
LABEL, PIN = "test", "1234"


@pytest.fixture(scope="session")
def hardware(tmp_path_factory: pytest.TempPathFactory) -> HsmToken:
    """The way to a key of no name in the token; each test takes key labels of its own."""
    if not MODULE or not shutil.which("softhsm2-util"):
        pytest.skip("SoftHSM2 is not installed (apt-get install softhsm2)")
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    config = folder / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(config)
    command = ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", PIN]
    subprocess.run(command, check=True, capture_output=True)
    return HsmToken(MODULE, LABEL, PIN, "")
