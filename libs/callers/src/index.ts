export { CALLER_SETTINGS, type CallerSettings } from './config.js';
export { ProvenCallers } from './proven-callers.js';
export { ServiceCredential } from './service-credential.js';
export { readPrivateKey } from './service-keys.js';
export { fetchIssuerKeys, issuerPlaceOf } from './fetch-issuer-keys.js';
