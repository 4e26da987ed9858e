import { NextResponse } from "next/server";

/** Middleware: the address of before leads to that of now. */
export function proxy(request) {
  return NextResponse.redirect(new URL("/posts/1", request.url));
}

export const config = { matcher: "/first-post" };
