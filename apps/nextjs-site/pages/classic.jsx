/** The pages router's server-side rendering. */
export function getServerSideProps({ query }) {
  return { props: { name: query.name ?? "nobody" } };
}

export default function Classic({ name }) {
  return <h1>Hello from the pages router, {name}</h1>;
}
