import manifest from '../../package.json' with { type: 'json' };

/** Headers of each request to a venue, outside of every signature. */
export const OUTGOING_HEADERS = {
  'user-agent': `sluice/${manifest.version}`,
  'accept-encoding': 'identity',
} as const;
