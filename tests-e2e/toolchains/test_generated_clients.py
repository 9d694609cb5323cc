"""Clients that generators make of the OpenAPI documents do what an integrator does (X-14)."""

import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from subprocess import run

import httpx
import pytest
from stories.dealer import SET_PRICES, Dealer, cart, line

CLIENTS = Path(__file__).with_name("clients")
SERVICES = ("checkout", "vouchers")
TIMEOUT_SECONDS = 600

PYTHON_CLIENT = "openapi-python-client==0.29.1"
POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>zugabe</groupId><artifactId>clients</artifactId><version>1</version>
  <build><plugins><plugin>
    <groupId>org.openapitools</groupId>
    <artifactId>openapi-generator-maven-plugin</artifactId>
    <version>7.25.0</version>
    <configuration>
      <inputSpec>${service}.json</inputSpec>
      <generatorName>python</generatorName>
      <output>${service}</output>
      <configOptions><packageName>${service}_client</packageName></configOptions>
    </configuration>
  </plugin></plugins></build>
</project>
"""


def in_folder(folder: Path, *command: str, **environment: str) -> str:
    done = run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        timeout=TIMEOUT_SECONDS,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, (done.stdout[-5_000:], done.stderr[-5_000:])
    return done.stdout


def new_python(folder: Path, *packages: str) -> Path:
    in_folder(folder, sys.executable, "-m", "venv", "python")
    programs = folder / "python" / "bin"
    in_folder(folder, str(programs / "pip"), "install", "--quiet", *packages)
    return programs


async def documents(dealer: Dealer, folder: Path) -> None:
    async with httpx.AsyncClient() as http:
        for service in SERVICES:
            answer = await http.get(f"{dealer.stack.addresses[service]}/openapi.json")
            (folder / f"{service}.json").write_bytes(answer.content)


def done_by(
    dealer: Dealer, folder: Path, programs: Path, script: str, paths: Sequence[str]
) -> None:
    task = {
        "dealer": dealer.name,
        "user_token": dealer.token("user", "anna", [SET_PRICES], customer="So.COMMERCE"),
        "staff_token": dealer.token("dealer-staff", "sam", ["edit-campaigns"]),
        "order": cart(line(1_999)),
        **{service: dealer.stack.addresses[service] for service in SERVICES},
    }
    said = in_folder(
        folder,
        str(programs / "python"),
        str(CLIENTS / script),
        TASK=json.dumps(task),
        PYTHONPATH=os.pathsep.join(paths),
    )
    found = json.loads(said)
    assert found["statuses"] == [201, 200, 204]
    assert found["numbers"][0] == found["numbers"][1]
    assert found["listed"] == ["o-1"]
    assert found["uploaded"] == 2


async def test_the_client_of_openapi_python_client(dealer: Dealer, tmp_path: Path) -> None:
    """X-14"""
    await dealer.order_module()
    await documents(dealer, tmp_path)
    programs = new_python(tmp_path, PYTHON_CLIENT)
    for service in SERVICES:
        config = tmp_path / f"{service}.config.json"
        names = {"package_name_override": f"{service}_client", "post_hooks": []}
        config.write_text(json.dumps(names))
        said = in_folder(
            tmp_path,
            str(programs / "openapi-python-client"),
            *("generate", "--path", f"{service}.json", "--output-path", service),
            *("--config", config.name),
        )
        assert "Endpoint will not be generated" not in said
    paths = [str(tmp_path / service) for service in SERVICES]
    done_by(dealer, tmp_path, programs, "by_openapi_python_client.py", paths)


async def test_the_client_of_openapi_generator(dealer: Dealer, tmp_path: Path) -> None:
    """X-14"""
    if shutil.which("mvn") is None:
        pytest.skip("mvn is not installed")
    await dealer.order_module()
    await documents(dealer, tmp_path)
    (tmp_path / "pom.xml").write_text(POM)
    for service in SERVICES:
        generate = ("mvn", "-B", "-q", "openapi-generator:generate")
        in_folder(tmp_path, *generate, f"-Dservice={service}")
    wanted = [str(tmp_path / service / "requirements.txt") for service in SERVICES]
    programs = new_python(tmp_path, *(word for file in wanted for word in ("-r", file)))
    paths = [str(tmp_path / service) for service in SERVICES]
    done_by(dealer, tmp_path, programs, "by_openapi_generator.py", paths)
