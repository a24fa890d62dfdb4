import { describeAccountRows } from '@sluice/postgres/testing';
import { WALLET_SCHEMA } from './schema.js';

describeAccountRows('the wallet', WALLET_SCHEMA);
