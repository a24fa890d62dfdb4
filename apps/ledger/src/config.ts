import { readUnitWorths } from '@sluice/kernel';
import { fromFile, json, readConfig, text, whole, type Environment } from '@sluice/runtime';
import { SERVICE_RULES, SERVICE_SETTINGS } from '@sluice/service-shell';
import { ChainKeys } from './hash-chain/chain-keys.js';
import { HeadSigner } from './hash-chain/head-signer.js';
import { DEFAULT_LIMITS_IN_EUR, readLimitsInEur } from './money-orders/limits-in-eur.js';
import { DEFAULT_PASSKEYS, readOrigins } from './passkeys/passkeys.js';
import { readLimits } from './money-orders/one-person-limits.js';

/** Reads the configuration. Throws a single ConfigError with all faults. */
export const ledgerConfig = (env: Environment = process.env) =>
  readConfig(
    env,
    {
      ...SERVICE_SETTINGS,
      chainKeys: fromFile('CHAIN_KEY', (keys) => ChainKeys.parse(keys)),
      headSigner: fromFile('CHAIN_SIGNING_KEY', (key) => HeadSigner.parse(key)),
      /** Lowers the limits per call and currency for bookings by a single person. */
      onePersonLimits: json('ONE_PERSON_LIMITS', readLimits, {}),
      /** Limits in EUR for bookings by a single person: per call, hour and day. */
      onePersonLimitsInEur: json('ONE_PERSON_LIMITS_EUR', readLimitsInEur, DEFAULT_LIMITS_IN_EUR),
      /** Value in EUR of the wallet's coins and tokens without a built-in ceiling. */
      unitWorths: json('UNIT_WORTH_EUR', readUnitWorths, {}),
      /** Domain of the page where approvers use their passkeys. */
      passkeyRpId: text('PASSKEY_RP_ID', DEFAULT_PASSKEYS.passkeyRpId),
      /** Origins of that page. */
      passkeyOrigins: json('PASSKEY_ORIGINS', readOrigins, DEFAULT_PASSKEYS.passkeyOrigins),
      /** Hours before a new passkey counts. Less than 24: two stolen tokens approve payments sooner. */
      passkeyWaitsHours: whole('PASSKEY_WAITS_HOURS', DEFAULT_PASSKEYS.passkeyWaitsHours),
    },
    SERVICE_RULES,
  );
