import { cookies } from "next/headers";

async function sign(form) {
  "use server";
  (await cookies()).set("name", String(form.get("name")), { httpOnly: true, secure: true });
}

/** A server action: Next.js compares the browser's origin with the host that the request was made to. */
export default async function Guestbook() {
  const name = (await cookies()).get("name")?.value ?? "nobody";
  return (
    <form action={sign}>
      <h1>Signed by {name}</h1>
      <label>
        Name <input name="name" />
      </label>
      <button>Sign</button>
    </form>
  );
}
