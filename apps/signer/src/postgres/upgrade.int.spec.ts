import { describeUpgrade } from '@sluice/postgres/testing';
import { SIGNER_SCHEMA } from './schema.js';

describeUpgrade('the signer', SIGNER_SCHEMA, 'SIGNER_SCHEMA');
