import { headers } from "next/headers";

export default async function Broken() {
  await headers();
  throw new Error("this page always fails");
}
