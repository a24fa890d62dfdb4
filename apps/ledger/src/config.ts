import { readUnitWorths } from '@sluice/ceilings';
import { fromFile, json, readConfig, type Environment } from '@sluice/config';
import { SERVICE_RULES, SERVICE_SETTINGS } from '@sluice/service-shell';
import { ChainKeys } from './hash-chain/chain-keys.js';
import { HeadSigner } from './hash-chain/head-signer.js';
import { readLimits } from './money-orders/one-person-limits.js';

export type LedgerConfig = ReturnType<typeof ledgerConfig>;

/** Throws one ConfigError that names every fault. */
export const ledgerConfig = (env: Environment = process.env) =>
  readConfig(
    env,
    {
      ...SERVICE_SETTINGS,
      chainKeys: fromFile('CHAIN_KEY', (text) => ChainKeys.parse(text)),
      headSigner: fromFile('CHAIN_SIGNING_KEY', (text) => HeadSigner.parse(text)),
      /** Lowers what one person may book alone. */
      onePersonLimits: json('ONE_PERSON_LIMITS', readLimits, {}),
      /** What coins and tokens of our own wallet are worth that no release has ceilings of. */
      unitWorths: json('UNIT_WORTH_EUR', readUnitWorths, {}),
    },
    SERVICE_RULES,
  );
