import Image from "next/image";

/** Image optimisation, by the server. */
export default function Picture() {
  return <Image src="/static/picture.png" alt="A blue square, optimised" width={64} height={64} />;
}
