"use client";

import { useState } from "react";

/** Rendered in the browser. */
export function Counter() {
  const [count, setCount] = useState(0);
  return <button onClick={() => setCount(count + 1)}>Clicked {count} times</button>;
}
