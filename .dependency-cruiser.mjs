/** Who may import whom, imports of types included: `npm run lint` and test/repository/imports.test.ts hold it. */

/** Folders, and what each may import besides itself. What is not listed may import all, and nothing imports it. */
const LAYERS = {
  handlers: [],
  components: ["handlers"],
  // Beside the stacks, whose settings are among theirs.
  policy: ["stacks", "components", "handlers"],
  stacks: ["policy", "components", "handlers"],
  "index.ts": ["stacks"],
  // Roles and state, made before any stack.
  bootstrap: ["stacks", "components"],
  local: ["stacks", "policy", "components", "handlers"],
  // What tests and benchmarks share.
  fakes: ["local", "handlers"],
  bench: ["index.ts", "local", "fakes", "stacks", "policy", "components", "handlers"],
};

const inside = (part) => (part.endsWith(".ts") ? `^${part.replace(".", "\\.")}$` : `^${part}/`);

export default {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    ...Object.entries(LAYERS).map(([part, others]) => ({
      name: `layers-of-${part}`,
      severity: "error",
      comment: `${part} may import from ${others.join(", ") || "itself only"}`,
      from: { path: inside(part) },
      to: {
        pathNot: [part, ...others].map(inside).concat("node_modules/", "^scripts/register\\.cjs$"),
        dependencyTypes: ["local"],
      },
    })),
  ],
  options: {
    // dist/ is what `npm run build` makes; programs of local/.state are tests' and stories'; bench/peers is a package.
    exclude: { path: "(^|/)(dist|\\.state|peers)/" },
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
