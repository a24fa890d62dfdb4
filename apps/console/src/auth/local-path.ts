const LONGEST = 2_000;
/** Paths that are no pages of the console. */
const NO_PAGES = /^\/(api|auth|internal|assets)(\/|$)/;

/** Returns the page of the console to which a login may return; `/` for anything else. */
export function localPath(given: unknown, consoleUrl: string): string {
  if (
    typeof given !== 'string' ||
    given.length > LONGEST ||
    !/^\/(?![/\\])[\x21-\x7e]*$/.test(given)
  )
    return '/';
  if (!URL.canParse(given, consoleUrl)) return '/';
  const { origin, pathname, search, hash } = new URL(given, consoleUrl);
  // a path like /.//host resolves to //host, which a browser reads as another host
  const isOurs = origin === consoleUrl && !pathname.startsWith('//') && !NO_PAGES.test(pathname);
  return isOurs ? pathname + search + hash : '/';
}
