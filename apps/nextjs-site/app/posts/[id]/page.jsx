import { notFound } from "next/navigation";

const POSTS = { 1: "The first post", 2: "The second post" };

/** Static site generation of a dynamic route. */
export function generateStaticParams() {
  return Object.keys(POSTS).map((id) => ({ id }));
}

export default async function Post({ params }) {
  const title = POSTS[(await params).id];
  if (title === undefined) notFound();
  return <h1>{title}</h1>;
}
