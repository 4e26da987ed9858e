/** @type {import("next").NextConfig} */
export default {
  output: "standalone",
  reactStrictMode: true,
  // Lambda has nowhere to write pages to: what is made again is kept in memory.
  // A page is loaded when it is first asked for: a start is shorter.
  experimental: { isrFlushToDisk: false, preloadEntriesOnStart: false },
  poweredByHeader: false,
  // This folder is an application by itself, whatever lies around it.
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
};
