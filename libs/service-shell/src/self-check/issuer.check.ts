import {
  fetchIssuerKeys,
  issuerPlaceOf,
  type IssuerSettings,
} from '../callers/fetch-issuer-keys.js';
import type { SelfCheck } from './self-checks.js';

/** Checks the issuer of people's tokens: the issuer must publish keys to this service. */
export function issuerCheck(settings: IssuerSettings): SelfCheck {
  return {
    name: 'issuer of tokens',
    look: async () => {
      const fault = await fetchIssuerKeys(issuerPlaceOf(settings)).then(
        ({ keys }) => (keys.length === 0 ? 'it publishes no keys' : null),
        (error: Error) => error.message,
      );
      if (fault === null) return {};
      return {
        findings: [
          {
            code: 'issuer-away',
            wrong: `The issuer ${settings.oidcIssuer} does not answer the query for its keys: ${fault}.`,
            follows:
              'Tokens with keys unknown to this service are answered 503: soon no operator can call it.',
            remedy:
              'Check OIDC_ISSUER, the issuer itself, and the network path from this service to the issuer. OIDC_CA_FILE must hold the CA of an issuer with a private CA.',
          },
        ],
      };
    },
  };
}
