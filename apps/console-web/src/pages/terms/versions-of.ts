import type { VersionDto } from '@sluice/http-api';

interface OfAsset {
  readonly currency: string;
  readonly network: string;
}

/** Terms that apply or will apply, of assets whose name contains the text. */
export function currentTerms<Terms extends VersionDto & OfAsset>(
  terms: readonly Terms[],
  text: string | undefined,
): readonly Terms[] {
  const wanted = (text ?? '').trim().toUpperCase();
  return terms.filter(
    (one) => (one.state === 'in_force' || one.state === 'coming') && assetOf(one).includes(wanted),
  );
}

/** Every version of one asset, newest first. */
export function versionsOf<Terms extends VersionDto & OfAsset>(
  terms: readonly Terms[],
  asset: string,
): readonly Terms[] {
  return terms
    .filter((one) => assetOf(one) === asset)
    .toSorted((one, other) => other.version - one.version);
}

/** The newest version of each subject, which the next version follows. */
export function isNewest<Terms extends VersionDto & { readonly network: string }>(
  one: Terms,
  terms: readonly Terms[],
): boolean {
  return terms.every(
    (other) => subjectOf(other) !== subjectOf(one) || other.version <= one.version,
  );
}

export function assetOf({ currency, network }: OfAsset): string {
  return `${currency}.${network}`;
}

function subjectOf(terms: { readonly currency?: string; readonly network: string }): string {
  return `${terms.currency ?? ''}.${terms.network}`;
}
