import type { PolicyVersionDto } from '@sluice/http-api';

type Version = Pick<PolicyVersionDto, 'version' | 'state'>;

/** The version that the address names; without a name the version in force. */
export function shownVersion<V extends Version>(
  versions: readonly V[],
  named: string | undefined,
): V | null {
  return (
    versions.find(({ version, state }) =>
      named === undefined ? state === 'in_force' : `${version}` === named,
    ) ?? null
  );
}

/** Number of the newest version, which the next version follows; 0 without a version. */
export function newestVersion(versions: readonly Version[]): number {
  return Math.max(0, ...versions.map(({ version }) => version));
}
