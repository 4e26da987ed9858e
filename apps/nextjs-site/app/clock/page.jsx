/** Incremental static regeneration: made again in the background when it is older than this, in seconds. */
export const revalidate = 2;

export default function Clock() {
  return <h1>Made at {new Date().toISOString()}</h1>;
}
