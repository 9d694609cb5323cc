"""Services are deployed at once, from forks of one process."""

import json
import subprocess
import sys


def test_each_service_that_cannot_deploy_is_named_with_its_reason() -> None:
    command = [sys.executable, "-m", "zugabe.deploying", "vouchers", "bonus"]
    environments = {
        "vouchers": {"ZUGABE_PORT": "8103", "ZUGABE_KAFKA": "127.0.0.1:9"},
        "bonus": {"ZUGABE_PORT": "no port"},
    }
    done = subprocess.run(
        command, input=json.dumps(environments), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    for service in environments:
        assert f"{service} does not start with these settings" in done.stderr
        assert f"{service}-deploy failed (exit code 2)." in done.stderr
    told_to_bonus = done.stderr.partition("bonus does not start")[2].partition("explains every")[0]
    assert "ZUGABE_PORT" in told_to_bonus
    assert "ZUGABE_KAFKA" in told_to_bonus
