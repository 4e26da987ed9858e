/** A request of payload format 2.0, of which an HTTP API sends more. */
export type RequestEvent = typeof EVENT;

/** A page that is rendered for each request, by the App Router. */
export const EVENT = {
  version: "2.0",
  routeKey: "$default",
  rawPath: "/now",
  rawQueryString: "name=Ada",
  queryStringParameters: { name: "Ada" },
  headers: { host: "api.example.com", "user-agent": "bench", accept: "text/html", "x-forwarded-proto": "https" },
  requestContext: {
    accountId: "111111111111",
    apiId: "api",
    domainName: "api.example.com",
    domainPrefix: "api",
    http: { method: "GET", path: "/now", protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "bench" },
    requestId: "request",
    routeKey: "$default",
    stage: "$default",
    time: "28/Nov/2026:12:00:00 +0000",
    timeEpoch: 1795867200000,
  },
  isBase64Encoded: false,
};
