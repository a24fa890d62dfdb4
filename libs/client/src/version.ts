import manifest from '../package.json' with { type: 'json' };

/** User agent of each request, to show the package version to the operator of the API. */
export const USER_AGENT: string = `sluice-client/${manifest.version} node/${process.versions.node}`;
