import { useState } from "react";
import { execute, type Access } from "./execute";
import { type Arrival, readConfig, startSignIn } from "./sign-in";

/** The home page; the page of a guest; the page of somebody who signed in. */
type View = { readonly page: "home" } | { readonly page: "execute"; readonly access: Access };

const viewOf = (arrival: Arrival): View =>
  arrival.kind === "signed-in" ? { page: "execute", access: { kind: "code", grant: arrival.grant } } : { page: "home" };

export function App({ arrival }: { readonly arrival: Arrival }) {
  const [view, setView] = useState(() => viewOf(arrival));
  const [message, setMessage] = useState(arrival.kind === "refused" ? arrival.why : "");
  const [isBusy, setBusy] = useState(false);

  const run = async (work: () => Promise<string>) => {
    setBusy(true);
    setMessage("");
    try {
      setMessage(await work());
    } catch (error) {
      setMessage(`It failed: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      setBusy(false);
    }
  };
  const signIn = () =>
    run(async () => {
      location.assign(await startSignIn(await readConfig(), location, sessionStorage));
      return "You are taken to the sign-in page.";
    });
  const executeLambda = (access: Access) =>
    run(async () => {
      const { message: answer, next } = await execute(access);
      setView({ page: "execute", access: next });
      return answer;
    });
  const goTo = (next: View) => {
    setMessage("");
    setView(next);
  };

  return (
    <main>
      <h1>Welcome</h1>
      {view.page === "home" ? (
        <div className="actions">
          <button type="button" disabled={isBusy} onClick={() => void signIn()}>
            Sign in
          </button>
          <button type="button" disabled={isBusy} onClick={() => goTo({ page: "execute", access: { kind: "guest" } })}>
            Continue as guest
          </button>
        </div>
      ) : (
        <div className="actions">
          <button type="button" disabled={isBusy} onClick={() => void executeLambda(view.access)}>
            Execute Lambda
          </button>
          <button type="button" disabled={isBusy} onClick={() => goTo({ page: "home" })}>
            Return to home page
          </button>
        </div>
      )}
      <p role="status">{message}</p>
    </main>
  );
}
