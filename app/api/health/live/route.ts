import { createRoute } from "@/lib/http/route";

/** The process is up and answers. */
const live = () => Response.json({ status: "live" }, { headers: { "cache-control": "no-store" } });

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute("/api/health/live", { GET: live });
