// Sends what functions ask of Cognito's own addresses to the emulator: see function_hosts.py.
const http = require("node:http");
const { Readable } = require("node:stream");

const COGNITO = /^(cognito-idp\.[a-z0-9-]+\.amazonaws\.com|[a-z0-9-]+\.auth\.[a-z0-9-]+\.amazoncognito\.com)$/;
const { fetch } = globalThis;

globalThis.fetch = (input, init = {}) => {
  const { hostname: host, pathname, search } = new URL(input instanceof Request ? input.url : input);
  const { AWS_ENDPOINT_URL } = process.env;
  if (!COGNITO.test(host) || AWS_ENDPOINT_URL === undefined) return fetch(input, init);
  const { method = "GET", headers = {}, body, signal } = init;
  const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    // By the name that was asked for, which `fetch` itself would not send.
    const options = { method, headers: { ...headers, ...length, host }, signal };
    const asked = http.request(new URL(pathname + search, AWS_ENDPOINT_URL), options, (response) =>
      resolve(new Response(Readable.toWeb(response), { status: response.statusCode })),
    );
    asked.on("error", reject).end(body);
  });
};
