import { createRoot } from "react-dom/client";
import { App } from "./app";
import { comeBack } from "./sign-in";
import "./style.css";

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no #root");
// Once, before anything is shown: the address is taken from the history, and what was kept from the session.
createRoot(root).render(<App arrival={comeBack(location, sessionStorage, history)} />);
