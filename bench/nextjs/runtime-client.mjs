// Lambda's runtime for Node.js, as far as a benchmark needs it: loads index.mjs of LAMBDA_TASK_ROOT, and invokes its
// handler with the events of the Runtime API.
import { Agent, request } from "node:http";
import { join } from "node:path";

const agent = new Agent({ keepAlive: true });

function ask(method, path, body) {
  return new Promise((resolve, reject) => {
    const url = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/${path}`;
    const asked = request(url, { method, agent }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(parts).toString() }));
    });
    asked.on("error", reject).end(body);
  });
}

const { handler } = await import(join(process.env.LAMBDA_TASK_ROOT, "index.mjs"));
for (;;) {
  const { headers, body } = await ask("GET", "next");
  const id = headers["lambda-runtime-aws-request-id"];
  const context = { awsRequestId: id, functionName: "server", getRemainingTimeInMillis: () => 29_000 };
  await ask("POST", `${id}/response`, JSON.stringify(await handler(JSON.parse(body), context)));
}
