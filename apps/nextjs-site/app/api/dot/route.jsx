const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/** A binary answer. */
export function GET() {
  return new Response(Buffer.from(PNG, "base64"), { headers: { "content-type": "image/png" } });
}
