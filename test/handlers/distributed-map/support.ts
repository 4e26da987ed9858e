import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { MapDeps } from "../../../handlers/distributed-map/clients";

const encode = (contents: string | Uint8Array): Uint8Array =>
  typeof contents === "string" ? new TextEncoder().encode(contents) : contents;

/** Buckets in memory, by `bucket/key`; what is not there is refused, as what is in `refused`. */
export function fakeDeps(objects: Record<string, string | Uint8Array>, refused: readonly string[] = []) {
  const stored = new Map(Object.entries(objects).map(([key, contents]) => [key, encode(contents)]));
  const errors: unknown[] = [];
  const send = (command: unknown): Promise<unknown> => {
    const { Bucket, Key, Body } = (command as PutObjectCommand).input;
    const place = `${Bucket}/${Key}`;
    if (refused.includes(place)) return Promise.reject(new Error(`AccessDenied: ${place}`));
    if (command instanceof PutObjectCommand) {
      stored.set(place, encode(Body as string | Uint8Array));
      return Promise.resolve({});
    }
    const bytes = command instanceof GetObjectCommand ? stored.get(place) : undefined;
    if (bytes === undefined) return Promise.reject(new Error(`NoSuchKey: ${place}`));
    const body = {
      transformToByteArray: () => Promise.resolve(bytes),
      async *[Symbol.asyncIterator]() {
        yield await Promise.resolve(bytes);
      },
    };
    return Promise.resolve({ Body: body, ContentLength: bytes.length, ETag: '"e"' });
  };
  const deps = {
    s3: { send },
    telemetry: { info: () => undefined, error: (_: string, error: unknown) => void errors.push(error) },
  } as unknown as MapDeps;
  const text = (place: string): string => new TextDecoder().decode(stored.get(place));
  return { deps, stored, errors, text };
}
