import { describeUpgrade } from '@sluice/upgrade-testing';
import { WEBHOOKS_SCHEMA } from './schema.js';

describeUpgrade('webhooks', WEBHOOKS_SCHEMA, 'WEBHOOKS_SCHEMA');
