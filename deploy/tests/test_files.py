"""Images and manifests, which are not run here: what can be said of them as text."""

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

import kubernetes_validate
import pytest
import yaml

from .conftest import ROOT

DEPLOY = ROOT / "deploy"
KUBERNETES = "1.32"


def documents(name: str) -> list[dict]:
    return list(yaml.safe_load_all((DEPLOY / name).read_text()))


@pytest.mark.parametrize("document", documents("kubernetes/app.yaml"), ids=lambda each: each["kind"])
def test_kubernetes_knows_each_field(document):
    kubernetes_validate.validate(document, KUBERNETES, strict=True)


def pod_of_models() -> dict:
    [service] = documents("kubernetes/models.yaml")
    assert (service["apiVersion"], service["kind"]) == ("serving.kserve.io/v1beta1", "InferenceService")
    return service["spec"]["predictor"]


def test_the_pod_of_models_is_one():
    """KServe's own fields are not known to Kubernetes; the rest of a predictor is a pod's."""
    kserve = {"minReplicas", "maxReplicas", "scaleMetric", "scaleTarget"}
    pod = {key: value for key, value in pod_of_models().items() if key not in kserve}
    document = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "models"}, "spec": pod}
    kubernetes_validate.validate(document, KUBERNETES, strict=True)


def test_pods_are_not_root_and_write_nowhere():
    deployment = documents("kubernetes/app.yaml")[0]
    for pod in (deployment["spec"]["template"]["spec"], pod_of_models()):
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            security = container["securityContext"]
            assert security["readOnlyRootFilesystem"] is True
            assert security["allowPrivilegeEscalation"] is False
            assert security["capabilities"] == {"drop": ["ALL"]}
            assert {"requests", "limits"} == set(container["resources"])
            assert container["readinessProbe"] and container["livenessProbe"]


def test_compose_runs_both_images_without_rights():
    [compose] = documents("compose.yaml")
    services = compose["services"]
    for service in services.values():
        assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
    assert services["app"]["environment"]["INFERENCE_URL"] == "http://models:8000"


@pytest.mark.parametrize("name", ["Dockerfile", "model_server/Dockerfile"])
def test_images_are_built_in_stages_from_what_there_is(name):
    text = (DEPLOY / name).read_text()
    assert len(re.findall(r"^FROM ", text, re.MULTILINE)) == 2
    last = text[text.rindex("\nFROM ") :]
    assert re.search(r"^USER 1000:1000$", last, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK ", last, re.MULTILINE)
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
        *sources, _ = line.split()
        for source in sources:
            assert (ROOT / source).exists(), source


def test_the_app_is_built_from_all_that_its_build_reads():
    text = (DEPLOY / "Dockerfile").read_text()
    copied = {
        source for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE) for source in line.split()[:-1]
    }
    listed = re.search(r"const SOURCES = \[(.+?)\]", (ROOT / "scripts/setup.mjs").read_text(), re.DOTALL)
    sources = re.findall(r'"(.+?)"', listed[1])
    assert len(sources) > 5
    assert {source.split("/")[0] for source in sources} <= copied


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def test_what_the_image_of_the_app_holds_is_enough_to_serve(tmp_path):
    """Its files and its command, without Docker; the packages are those of a developer, which are more."""
    text = (DEPLOY / "Dockerfile").read_text()
    last = text[text.rindex("\nFROM ") :]
    for line in re.findall(r"^COPY --from=build \S+ (.+)$", last, re.MULTILINE):
        *sources, to = line.split()
        for source in [ROOT / source.removeprefix("/app/") for source in sources]:
            target = tmp_path / to / source.name if to.endswith("/") else tmp_path / to
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                target.symlink_to(source)
            else:
                shutil.copy(source, target)
    command = re.search(r'^CMD \["sh", "-c", "(.+)"\]$', last, re.MULTILINE)[1].replace('\\"', '"')
    port = free_port()
    env = {**os.environ, "NODE_ENV": "production", "PORT": str(port), "LOG_LEVEL": "error"}
    with subprocess.Popen(["sh", "-c", command], cwd=tmp_path, env=env) as server:
        try:
            with first_answer(f"http://127.0.0.1:{port}/") as page:
                assert "'sha256-" in page.headers["content-security-policy"]
            server.terminate()
            assert server.wait(timeout=30) == 0
        finally:
            server.kill()


def first_answer(url: str):
    for _ in range(300):
        try:
            return urllib.request.urlopen(url, timeout=10)
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")
