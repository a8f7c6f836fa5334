import { createServer } from "node:net";
import { Stop } from "./command.mjs";

/**
 * @param {string | undefined} value e.g. `process.env.PORT`
 * @returns {number} 3000 where nothing is said
 * @throws {Stop} when it is not a port
 */
export function parsePort(value) {
  if (value === undefined || value === "") return 3000;
  const port = Number(value);
  if (/^\d+$/.test(value) && port >= 1 && port <= 65_535) return port;
  throw new Stop(`PORT is "${value}", which is no port: choose one from 1 to 65535, such as PORT=3000.`);
}

/**
 * @param {number} port
 * @throws {Stop} when it cannot be listened on
 */
export async function assertPortIsFree(port) {
  const error = await new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen(port, () => server.close(() => resolve(undefined)));
  });
  if (!error) return;
  const other = `choose another, such as PORT=${port < 65_000 ? Math.max(port + 1, 3001) : 3000} npm start.`;
  if (error.code === "EADDRINUSE") throw new Stop(`Port ${port} is taken: stop what is using it, or ${other}`);
  if (error.code === "EACCES") throw new Stop(`Port ${port} needs more rights than this user has: ${other}`);
  throw new Stop(`Port ${port} cannot be used (${error.code}): ${other}`);
}

/** @returns {Promise<number>} a port of this machine that nothing listens on */
export function findFreePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
