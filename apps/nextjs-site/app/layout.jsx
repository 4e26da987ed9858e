import Link from "next/link";
import "./site.css";

export const metadata = { title: "A Next.js site on Lambda" };

const PAGES = ["/", "/now", "/clock", "/posts/1", "/posts/2", "/picture", "/guestbook", "/classic"];

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        <nav>
          {PAGES.map((page) => (
            <Link key={page} href={page} prefetch={false}>
              {page}
            </Link>
          ))}
        </nav>
        <main>{children}</main>
      </body>
    </html>
  );
}
