import type { HeldPermit, PermitStatement } from '@sluice/signing';

/** Covers every order: for connectors with advisory permits. */
const ANY_ORDER = JSON.stringify({
  number: Number.MAX_SAFE_INTEGER,
  until: 'infinity',
  cover: '',
  assets: [],
  accounts: [],
});

interface KnownPermits {
  readonly areRequired: boolean;
  readonly held: Pick<HeldPermit, 'current'>;
}

/** Parameter of `permittedSql`; null if nothing is covered. */
export function permitParameter({ areRequired, held }: KnownPermits): string | null {
  if (!areRequired) return ANY_ORDER;
  const permit = held.current();
  if (!permit?.statement.granted) return null;
  const { number, withheld } = permit.statement;
  return JSON.stringify({
    number,
    until: new Date(permit.endsAtMs),
    cover: coverOf(permit.statement),
    ...withheld,
  });
}

/** Text of what a permit covers: equal for a renewal without change. */
export function coverOf({ granted, withheld }: PermitStatement): string {
  return JSON.stringify([granted, withheld.assets, withheld.accounts]);
}
