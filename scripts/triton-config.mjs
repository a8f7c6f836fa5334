/** Triton's `config.pbtxt` (protobuf's text format of `ModelConfig`) for a model of the Open Inference Protocol. */

/** What stands in the version's folder of the search for captions. */
export const CAPTIONING_FILES = [
  "models/captioning/prepare.onnx",
  "models/captioning/step.onnx",
  "models/captioning/vocabulary.json",
  "deploy/model_server/captioning.py",
  "deploy/model_server/sessions.py",
  "deploy/triton/model.py",
];

const DATA_TYPES = {
  float32: "TYPE_FP32",
  float64: "TYPE_FP64",
  int32: "TYPE_INT32",
  int64: "TYPE_INT64",
  uint8: "TYPE_UINT8",
  bool: "TYPE_BOOL",
  string: "TYPE_STRING",
};

/**
 * The dimension along which Triton can put requests together: the first of every input and output, or there is none. Handwriting has
 * its points first, and a question's rows share photos: the app's own queues have put those together before they call.
 *
 * @param {import("../lib/oip-models").OipModel} model
 */
function batchDimension({ inputs, outputs }) {
  const leading = new Set([...inputs, ...outputs].map(({ shape }) => shape[0]));
  const [first] = leading;
  return leading.size === 1 && typeof first === "string" ? first : undefined;
}

/**
 * @param {import("../lib/oip-models").OipModel} model
 * @param {string} version
 */
export function tritonConfig(model, version) {
  const batch = batchDimension(model);
  const maxBatch = batch === undefined ? 0 : model.limits[batch];
  const values = (key, list) =>
    list.map(({ name, type, shape, optional }) => {
      const dims = (batch === undefined ? shape : shape.slice(1)).map((size) => (typeof size === "number" ? size : -1));
      const lines = [
        `  name: ${JSON.stringify(name)}`,
        `  data_type: ${DATA_TYPES[type]}`,
        // One number a row is of no dimension, which has to be said in this way.
        dims.length > 0 ? `  dims: [ ${dims.join(", ")} ]` : "  dims: [ 1 ]\n  reshape { shape: [ ] }",
        ...(optional ? ["  optional: true"] : []),
      ];
      return `${key} {\n${lines.join("\n")}\n}`;
    });
  const blocks = [
    `name: ${JSON.stringify(model.name)}`,
    `backend: ${model.file ? '"onnxruntime"' : '"python"'}`,
    `max_batch_size: ${maxBatch}`,
    `version_policy { specific { versions: [ ${version} ] } }`,
    "instance_group { kind: KIND_CPU count: 1 }",
    ...(maxBatch > 0 ? ["dynamic_batching { max_queue_delay_microseconds: 0 }"] : []),
    ...values("input", model.inputs),
    ...values("output", model.outputs),
  ];
  return `${blocks.join("\n")}\n`;
}
