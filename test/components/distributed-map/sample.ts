import type { PatternSample } from "../../support/sample";

const MINIMAL = {
  source: { objects: { bucket: "pictures", prefix: "images/" } },
  item: { thumbnails: {} },
  results: { bucket: "pictures", prefix: "small" },
};

/** A JPEG of 8 × 4 pixels, which is narrow enough to stay as it is. */
const PICTURE = Buffer.from(
  [
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wCEAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxO",
    "UlNSMj5aYVpQYEpRUk8BDg4OExETJhUVJk81LTVPT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09P",
    "T09PT//AABEIAAQACAMBEQACEQEDEQH/xAGiAAABBQEBAQEBAQAAAAAAAAAAAQIDBAUGBwgJCgsQAAIBAwMCBAMFBQQEAAABfQEC",
    "AwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVm",
    "Z2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq",
    "8fLz9PX29/j5+gEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoLEQACAQIEBAMEBwUEBAABAncAAQIDEQQFITEGEkFRB2FxEyIy",
    "gQgUQpGhscEJIzNS8BVictEKFiQ04SXxFxgZGiYnKCkqNTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqCg4SF",
    "hoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2dri4+Tl5ufo6ery8/T19vf4+fr/2gAMAwEA",
    "AhEDEQA/ANGvjT6k/wD/2Q==",
  ].join(""),
  "base64",
);

const item = { Key: "images/dog.jpg", Size: PICTURE.length, Etag: "e", LastModified: 1, StorageClass: "STANDARD" };

/** A run without a picture: its manifest names no files. */
const MANIFEST = JSON.stringify({ ResultFiles: { FAILED: [], PENDING: [], SUCCEEDED: [] } });

export const SAMPLE: PatternSample = {
  minimal: MINIMAL,
  policy: {
    args: {
      ...MINIMAL,
      schedule: { expression: "rate(1 day)" },
      onUpload: { prefix: "images/", suffix: "done" },
    },
  },
  scenarios: {
    "thumbnails-function": [
      {
        event: item,
        answers: { GetObject: PICTURE, PutObject: "" },
        calls: ["GetObject", "PutObject"],
        answer: { pictures: 1, bytesBefore: 616, bytesAfter: 618 },
      },
      { event: item, answers: {}, calls: ["GetObject"], error: /AccessDenied/ },
      { event: { Key: 1 }, answers: {}, calls: [], error: /BadItemError/ },
    ],
    "summary-function": [
      {
        event: { ResultWriterDetails: { Bucket: "pictures", Key: "small/run/manifest.json" } },
        answers: { GetObject: MANIFEST, PutObject: "" },
        calls: ["GetObject", "PutObject"],
        answer: { bucket: "pictures", key: "small/run/summary.json", succeeded: 0, failed: 0 },
      },
      {
        event: { ResultWriterDetails: { Bucket: "pictures", Key: "small/run/manifest.json" } },
        answers: {},
        calls: ["GetObject"],
        error: /AccessDenied/,
      },
    ],
  },
};
