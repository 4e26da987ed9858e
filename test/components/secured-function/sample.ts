import type { PatternSample } from "../../support/sample";

const SIGN_IN = { signIn: { callbackUrls: ["https://shop.example.com/"] } };

const settings = {
  userPoolId: "us-east-1_Example01",
  clientId: "client",
  tokenUrl: "https://sign-in-example.auth.us-east-1.amazoncognito.com/oauth2/token",
  callbackUrls: ["https://shop.example.com/"],
};
const PARAMETER = JSON.stringify({ Parameter: { Value: JSON.stringify(settings) } });

const request = (token?: string) => ({
  rawPath: "/",
  rawQueryString: "",
  headers: token === undefined ? {} : { "x-authorization": `Bearer ${token}` },
  requestContext: { requestId: "request", http: { method: "GET", path: "/", sourceIp: "192.0.2.1" } },
  isBase64Encoded: false,
});

const REFUSED = {
  statusCode: 401,
  headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" },
  body: '{"message":"You are not authorized to execute the function."}',
};

export const SAMPLE: PatternSample = {
  minimal: SIGN_IN,
  policy: { args: SIGN_IN },
  scenarios: {
    "call-function": [
      { event: request(), answers: {}, calls: [], answer: REFUSED },
      { event: request("x.y.z"), answers: { GetParameter: PARAMETER }, calls: ["GetParameter"], answer: REFUSED },
      { event: request("x.y.z"), answers: {}, calls: ["GetParameter"], error: /AccessDenied/ },
      { event: {}, answers: {}, calls: [], error: /Error/ },
    ],
  },
};
