import { describeUpgrade } from '@sluice/upgrade-testing';
import { SIGNER_SCHEMA } from './schema.js';

describeUpgrade('the signer', SIGNER_SCHEMA, 'SIGNER_SCHEMA');
