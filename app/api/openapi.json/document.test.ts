import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { GET } from "./route";

async function fetchDocument() {
  const response = await GET(new Request("http://localhost/api/openapi.json"), {});
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toContain("application/json");
  return await response.json();
}

describe("GET /api/openapi.json", () => {
  it("is valid OpenAPI 3.1, with every reference resolved", async () => {
    const validator = new Validator();
    const result = await validator.validate(await fetchDocument());
    expect(result).toMatchObject({ valid: true });
    expect(validator.version).toBe("3.1");
    expect(() => validator.resolveRefs()).not.toThrow();
    expect(JSON.stringify(validator.resolveRefs())).not.toContain("#/components");
  });

  it("describes the options by their limits and defaults", async () => {
    const { paths } = await fetchDocument();
    const { parameters, requestBody } = paths["/api/captioning"].post;
    const { properties, required } = requestBody.content["multipart/form-data"].schema;
    expect(required).toEqual(["image"]);
    expect(properties.beamWidth).toMatchObject({ type: "integer", minimum: 1, maximum: 10, default: 4 });
    expect(properties.count).toMatchObject({ type: "integer", minimum: 1, maximum: 10 });
    expect(properties.attention).toMatchObject({ type: "boolean", default: false });
    expect(parameters.map(({ name }: { name: string }) => name)).toEqual(["beamWidth", "count", "rerank", "attention"]);
  });

  it("says that a question needs an image or the hash of one, and its text", async () => {
    const { paths } = await fetchDocument();
    const { parameters, requestBody } = paths["/api/vqa"].post;
    const { properties, required, oneOf } = requestBody.content["multipart/form-data"].schema;
    expect(required).toEqual(["question"]);
    expect(oneOf).toEqual([{ required: ["image"] }, { required: ["imageSha256"] }]);
    expect(properties.question).toMatchObject({ type: "string", minLength: 1, maxLength: 200 });
    expect(properties.count).toMatchObject({ type: "integer", minimum: 1, maximum: 20, default: 5 });
    expect(properties.imageSha256).toMatchObject({ type: "string", pattern: "^[0-9a-f]{64}$" });
    expect(parameters.map(({ name }: { name: string }) => name)).toEqual(["question", "count", "attention"]);
    expect(Object.keys(paths["/api/vqa"].post.responses)).toContain("404");
  });

  it("describes handwriting: body and query, and each kind of answer", async () => {
    const { paths, components } = await fetchDocument();
    const { post, get } = paths["/api/handwriting"];
    expect(Object.keys(post.responses[200].content)).toEqual([
      "application/json",
      "application/x-ndjson",
      "image/svg+xml",
    ]);
    const { HandwritingRequest, HandwritingEvent } = components.schemas;
    expect(HandwritingRequest.required).toBeUndefined();
    expect(HandwritingRequest.oneOf).toEqual([{ required: ["text"] }, { required: ["dream"] }]);
    expect(HandwritingRequest.properties.text).toMatchObject({ type: "string", minLength: 1, maxLength: 500 });
    expect(HandwritingRequest.properties.dream).toMatchObject({ type: "integer", minimum: 1, maximum: 10 });
    expect(HandwritingRequest.properties.seed).toMatchObject({ type: "integer", minimum: 0, maximum: 4294967295 });
    expect(HandwritingRequest.properties.bias).toMatchObject({ type: "number", minimum: 0, maximum: 5, default: 0.8 });
    expect(HandwritingEvent.oneOf ?? HandwritingEvent.anyOf).toHaveLength(4);
    const required = get.parameters.filter(({ required }: { required: boolean }) => required);
    expect(required.map(({ name }: { name: string }) => name)).toEqual(["text"]);
    expect(Object.keys(get.responses)).toEqual(["200", "304", "400", "422", "429", "500", "503", "504"]);
  });

  it("names each status that captioning may answer with", async () => {
    const { paths } = await fetchDocument();
    const statuses = Object.keys(paths["/api/captioning"].post.responses);
    expect(statuses).toEqual(["200", "400", "413", "415", "422", "429", "500", "503", "504"]);
  });
});
