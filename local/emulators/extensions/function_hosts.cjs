// Sends what functions ask of Cognito's own addresses to the emulator: see function_hosts.py.
const COGNITO = /^(cognito-idp\.[a-z0-9-]+\.amazonaws\.com|[a-z0-9-]+\.auth\.[a-z0-9-]+\.amazoncognito\.com)$/;
const { fetch } = globalThis;

globalThis.fetch = (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  const { AWS_ENDPOINT_URL } = process.env;
  if (!COGNITO.test(url.hostname) || AWS_ENDPOINT_URL === undefined) return fetch(input, init);
  return fetch(new URL(`${url.pathname}${url.search}`, AWS_ENDPOINT_URL), init);
};
