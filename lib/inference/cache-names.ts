/** Caches of what running models in a browser downloads. */

/** Of the models' files, by path and SHA-256, and of the manifest that names them. */
export const MODELS_CACHE = "inkling-models";

/** Of ONNX Runtime's WebAssembly. */
export const RUNTIME_CACHE = "inkling-runtime";
