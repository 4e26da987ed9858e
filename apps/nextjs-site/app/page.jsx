import { Counter } from "./counter";

/** Static: made by the build. */
export default function Home() {
  return (
    <>
      <h1>Release {process.env.NEXT_PUBLIC_RELEASE ?? "1"}</h1>
      <img src="/static/picture.png" alt="A blue square" width="64" height="64" />
      <Counter />
    </>
  );
}
