/** Venues with an API. Each venue has a program, and each of its accounts a connector with topics for commands and events. */
export const API_VENUES = ['bitmart', 'bybit', 'gateio', 'upvest'] as const;

/** Program of a venue account: `gateio` for the account `gateio-treasury`, and for `gateio` itself. */
export function programOf(name: string): string {
  return API_VENUES.find((venue) => venue === name) ?? prefixOf(name) ?? name;
}

/** A venue's name may contain a hyphen: the longest fitting name is the program. */
function prefixOf(name: string): string | undefined {
  return API_VENUES.filter((venue) => name.startsWith(`${venue}-`))
    .toSorted((one, other) => other.length - one.length)
    .at(0);
}
