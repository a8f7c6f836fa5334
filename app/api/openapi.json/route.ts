import { createRoute } from "@/lib/http/route";
import { buildDocument } from "./document";

const openapi = () => Response.json(buildDocument());

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute("/api/openapi.json", { GET: openapi });
