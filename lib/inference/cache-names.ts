/** What running models in a browser downloads: from where, and in which caches it is kept. */

/** Of the models' files, by path and SHA-256, and of the manifest that names them. */
export const MODELS_CACHE = "inkling-models";

/** Where `app/api/models/files` serves the models' folder: the addresses of what `MODELS_CACHE` holds begin so. */
export const MODEL_FILES_URL = "/api/models/files/";

/** Of ONNX Runtime's WebAssembly. */
export const RUNTIME_CACHE = "inkling-runtime";
