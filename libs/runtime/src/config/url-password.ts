/**
 * Returns why a URL with a login is ambiguous, or null. An unescaped character of a password can
 * end the host's part of a URL early, and the connection would go to another host. The fault never
 * shows the URL.
 */
export function urlPasswordFault(value: string): string | null {
  const [, authority = '', rest = ''] = /^[a-z]+:\/\/([^/?#]*)(.*)$/is.exec(value) ?? [];
  const [userinfo = '', ...hosts] = authority.split('@');
  const isAmbiguous =
    hosts.length > 1 || /[@#]/.test(rest) || /%(?![0-9a-f]{2})/i.test(userinfo) || /\s/.test(value);
  return isAmbiguous
    ? 'has a character that a URL must not contain there: percent-encode the password (@ as %40, : as %3A, / as %2F, ? as %3F, # as %23, % as %25, a blank as %20)'
    : null;
}
