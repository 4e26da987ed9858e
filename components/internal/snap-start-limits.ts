/** What SnapStart goes with. https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html#snapstart-runtimes */

/** When the documentation was read. It once left out arm64 and X-Ray, which are no limits any more. */
export const LIMITS_AS_OF = "November 2026";

/** The lowest version that there are snapshots of, by family. */
const LOWEST: Readonly<Record<string, readonly [major: number, minor: number]>> = {
  java: [11, 0],
  python: [3, 12],
  dotnet: [8, 0],
};

/** In MB. */
export const LARGEST_STORAGE = 512;

/** Why there are no snapshots of a runtime, or undefined. */
export function runtimeFault(runtime: string): string | undefined {
  const [, family = "", major, minor = "0"] = /^([a-z]+)(\d+)?(?:\.(\d+|x))?/.exec(runtime) ?? [];
  if (family === "nodejs") return "Lambda takes no snapshots of Node.js: use CallbackLambda, which starts fast";
  const lowest = LOWEST[family];
  if (lowest === undefined) return "Lambda takes snapshots of its Java, Python and .NET runtimes only";
  const isOld = Number(major) < lowest[0] || (Number(major) === lowest[0] && Number(minor) < lowest[1]);
  return major === undefined || isOld ? `there are no snapshots of ${runtime}` : undefined;
}

/** Inputs of a function that decide whether SnapStart is possible. */
export interface SnapStartInputs {
  readonly runtime?: string | undefined;
  readonly packageType?: string | undefined;
  readonly ephemeralStorage?: { readonly size?: number | undefined } | undefined;
  readonly fileSystemConfig?: object | undefined;
}

/** All that keeps SnapStart from a function. */
export function snapStartFaults(inputs: SnapStartInputs): string[] {
  const { runtime, packageType, ephemeralStorage, fileSystemConfig } = inputs;
  const size = ephemeralStorage?.size ?? LARGEST_STORAGE;
  const isImage = packageType === "Image";
  const ofRuntime = isImage ? "container images have no snapshots" : runtime && runtimeFault(runtime);
  return [
    ...(ofRuntime ? [ofRuntime] : []),
    ...(size > LARGEST_STORAGE ? [`ephemeral storage is at most ${LARGEST_STORAGE} MB, not ${size}`] : []),
    ...(fileSystemConfig === undefined ? [] : ["file systems (EFS) do not go with snapshots"]),
  ];
}
