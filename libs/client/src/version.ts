import manifest from '../package.json' with { type: 'json' };

/** Names this package in each request, so that the operator of the API knows which version sent it. */
export const USER_AGENT: string = `sluice-client/${manifest.version} node/${process.versions.node}`;
