/**
 * Resolves after the messages that have arrived were handled. Runs of WebAssembly give way to none by themselves, and a timer
 * would be clamped to 4 ms.
 */
export function nextMessages(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
