import type { OwnWord } from './examine-service.js';
import type { Finding } from './findings.js';

/** Reports services with different releases. */
export function compareVersions(words: readonly OwnWord[]): readonly Finding[] {
  const byVersion = Map.groupBy(words, ({ version }) => version);
  if (byVersion.size < 2) return [];
  const parts = [...byVersion].map(
    ([version, some]) => `${some.map(({ service }) => service).join(', ')} of ${version}`,
  );
  return [
    {
      code: 'versions-mixed',
      wrong: `The services are of several releases: ${parts.join('; ')}.`,
      follows:
        'That works for neighbouring releases while an upgrade is under way, and for no others.',
      remedy: 'End the upgrade, or roll it back.',
    },
  ];
}
