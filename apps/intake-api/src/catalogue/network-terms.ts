import { familyOf } from '@sluice/kernel';
import { ApiError, type SetNetworkTermsDto } from '@sluice/http-api';
import { stampColumns, type TermsSubject } from './terms-subject.js';
import { networkVersions, type NetworkVersion } from './terms-versions.js';

type NetworkTermsContent = Pick<SetNetworkTermsDto, 'network' | 'family' | 'active'>;

export const NETWORK_TERMS: TermsSubject<SetNetworkTermsDto, NetworkVersion, NetworkTermsContent> =
  {
    action: 'set terms of network',
    target: ({ network }) => network,
    versions: async (tx, order) =>
      (await networkVersions(tx, 'all')).filter(({ network }) => network === order.network),
    contentOf: ({ network, family, active }) => ({ network, family, active }),
    check: (_tx, { network, family }, newest) => {
      const given = newest?.family ?? familyOf(network) ?? family;
      return given === family
        ? Promise.resolve()
        : Promise.reject(
            ApiError.conflict(`The family of ${network} is ${given}, and never changes`),
          );
    },
    begin: async (tx, { network, family }) =>
      void (await tx.query('INSERT INTO network (code, family, active) VALUES ($1, $2, false)', [
        network,
        family,
      ])),
    insert: async (tx, { network, active }, stamp) =>
      void (await tx.query(
        `INSERT INTO network_terms (network, active, version, effective_at, requested_by, approved_by)
       VALUES ($1, $2, $3, $4, $5, $6)`,
        [network, active, ...stampColumns(stamp)],
      )),
  };
