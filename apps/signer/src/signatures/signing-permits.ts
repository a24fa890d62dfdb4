import type { Permits } from '@sluice/service-shell';
import type { SigningPermits } from './understand.js';

/** Takes the permit of each payment: the signer has no Kafka, and its caller brings the newest. */
export function signingPermits(permits: Pick<Permits, 'take' | 'fault'>): SigningPermits {
  return {
    covers: (payment, permit) => {
      if (permit !== undefined) permits.take(permit);
      return permits.fault(payment) === null;
    },
  };
}
