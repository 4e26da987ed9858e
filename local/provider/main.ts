/** The executable `pulumi-resource-aws` of local runs: tells the engine its port and serves until the engine is gone. */
import { serve } from "./server";

async function main(): Promise<void> {
  const { port, server } = await serve();
  console.log(port);
  const engine = process.ppid;
  // The engine ends its plugins itself; when it is killed, nobody does.
  setInterval(() => {
    if (process.ppid !== engine) process.exit(0);
  }, 1000).unref();
  process.on("SIGTERM", () => server.forceShutdown());
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
