import { describeUpgrade } from '@sluice/postgres/testing';
import { WALLET_SCHEMA } from './schema.js';

describeUpgrade('the wallet', WALLET_SCHEMA, 'WALLET_SCHEMA');
