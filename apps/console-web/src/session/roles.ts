/** True if a person with the roles may make a call of the permitted roles. */
export function mayCall(roles: readonly string[], permitted: readonly string[]): boolean {
  return permitted.length === 0 || permitted.some((role) => roles.includes(role));
}

/** Says which role a person lacks for a button. */
export function rolesSentence(permitted: readonly string[], own: readonly string[]): string {
  const named = permitted.filter((role) => role !== '').map((role) => `“${role}”`);
  if (named.length === 0) return 'Only services may do this.';
  const last = named.at(-1) ?? '';
  const list = named.length > 1 ? `${named.slice(0, -1).join(', ')} or ${last}` : last;
  return `Needs the role ${list} (you have ${own.length === 0 ? 'none' : own.join(', ')}).`;
}
