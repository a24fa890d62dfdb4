import { API_VENUES, programOf } from '@sluice/kernel';

const SUFFIX = /^[a-z0-9]{1,16}$/;

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
  const program = programOf(name);
  if (program === name)
    return `belongs to no venue: a name is one of ${API_VENUES.join(', ')}, a hyphen and a suffix`;
  return SUFFIX.test(name.slice(program.length + 1))
    ? null
    : 'has a suffix other than 1 to 16 characters of a-z and 0-9';
}

/** Venues with an API, and the further accounts of `VENUE_ACCOUNTS`, equal in every process. */
export const VENUES: readonly string[] = [
  ...API_VENUES,
  ...readVenueAccounts(process.env['VENUE_ACCOUNTS'] ?? ''),
];
