/** Target of a call at a service, and the called service. */
interface ServiceTarget {
  readonly service: string;
  /** Path and query, from `/internal/` on, with the bytes that the browser sent. */
  readonly target: string;
}

const LONGEST = 8_000;
/** Characters of a path segment (RFC 3986). */
const SEGMENT = /^(?:[\w.~!$&'()*+,;=:@-]|%[0-9a-fA-F]{2})+$/;
const QUERY = /^(?:[\w.~!$&'()*+,;=:@/?[\]|-]|%[0-9a-fA-F]{2})*$/;

/**
 * Reads `<prefix><service>/<rest>?<query>`; null if the rest could mean another path to any reader.
 * The bytes stay as they are, because a passkey signs them.
 */
export function serviceTarget(url: string, prefix: string): ServiceTarget | null {
  const [, service = '', rest = ''] = url.startsWith(prefix)
    ? (/^([a-z0-9-]+)\/(.+)$/s.exec(url.slice(prefix.length)) ?? [])
    : [];
  const target = internalTarget(rest);
  return service === '' || target === null ? null : { service, target };
}

/** Returns `/internal/<rest>`; null if the rest is no plain path with a query. */
export function internalTarget(rest: string): string | null {
  const [path = '', ...others] = rest.split('?');
  const query = others.join('?');
  const isPlain =
    rest.length <= LONGEST && path.split('/').every(isPlainSegment) && QUERY.test(query);
  return isPlain ? `/internal/${rest}` : null;
}

/** A segment must stay one segment, however often a reader decodes it. */
function isPlainSegment(segment: string): boolean {
  if (!SEGMENT.test(segment)) return false;
  const plain = decoded(segment);
  return plain !== null && !/^\.{1,2}(;|$)/.test(plain) && !/[/\\%\p{Cc}]/u.test(plain);
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
