/**
 * The pages of a paginated answer, in order; AWS marks the last one by no token, or an empty one.
 *
 * @param ask for a page: the first, or the one that a token stands for
 */
export async function* pages<Page, Token>(
  ask: (token: Token | undefined) => Promise<Page>,
  tokenOf: (page: Page) => Token | undefined,
): AsyncGenerator<Page> {
  let token: Token | undefined;
  do {
    const page = await ask(token);
    yield page;
    token = tokenOf(page);
  } while (token !== undefined && token !== "");
}
