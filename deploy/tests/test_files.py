"""Images and manifests, which are not run here: what can be said of them as text."""

import re

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
