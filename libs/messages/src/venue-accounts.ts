/** Venues with an API. Each venue has a program, and each of its accounts a connector with topics for commands and events. */
export const API_VENUES = ['bitmart', 'bybit', 'gateio', 'upvest'] as const;

const SUFFIX = /^[a-z0-9]{1,16}$/;

/** Program of a venue account: `gateio` for the account `gateio-treasury`, and for `gateio` itself. */
export function programOf(name: string): string {
  return API_VENUES.find((venue) => venue === name) ?? longestPrefix(name) ?? name;
}

/** Returns the names of further accounts in `VENUE_ACCOUNTS`; throws an error that names the wrong entry. */
export function readVenueAccounts(text: string): readonly string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  for (const [index, name] of names.entries()) {
    const fault = names.indexOf(name) < index ? 'is listed twice' : nameFault(name);
    if (fault !== null) throw new Error(`VENUE_ACCOUNTS: "${name}" ${fault}`);
  }
  return names;
}

function nameFault(name: string): string | null {
  if (API_VENUES.some((venue) => venue === name)) return 'is the venue itself, without a suffix';
  const program = longestPrefix(name);
  if (program === undefined)
    return `belongs to no venue: a name is one of ${API_VENUES.join(', ')}, a hyphen and a suffix`;
  return SUFFIX.test(name.slice(program.length + 1))
    ? null
    : 'has a suffix other than 1 to 16 characters of a-z and 0-9';
}

/** A venue's name may contain a hyphen: the longest fitting name is the program. */
function longestPrefix(name: string): string | undefined {
  return API_VENUES.filter((venue) => name.startsWith(`${venue}-`))
    .toSorted((one, other) => other.length - one.length)
    .at(0);
}
