import { Suspense } from "react";
import { headers } from "next/headers";

async function Agent() {
  const agent = (await headers()).get("user-agent");
  return <p>Rendered for {agent}</p>;
}

/** Server-side rendering: differs by request. */
export default async function Now({ searchParams }) {
  const { name = "nobody" } = await searchParams;
  return (
    <>
      <h1>Hello, {name}</h1>
      <Suspense fallback={<p>Loading</p>}>
        <Agent />
      </Suspense>
    </>
  );
}
