import { connectorOf } from '@sluice/messages';
import { testMessageKeys } from '@sluice/test-kit';
import { SendAuthority } from '../authority/send-authority.js';

const KEYS = testMessageKeys(connectorOf('testvenue'));

export const TEST_AUTHORITY = new SendAuthority('testvenue', KEYS);

/** For tests whose submissions nobody has ordered: it vouches for every order, and seals as the real one. */
export class AnyOrder extends SendAuthority {
  override fault(): null {
    return null;
  }
}

export const ANY_ORDER = new AnyOrder('testvenue', KEYS);
