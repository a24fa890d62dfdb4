import { describeUpgrade } from '@sluice/postgres/testing';
import { WEBHOOKS_SCHEMA } from './schema.js';

describeUpgrade('webhooks', WEBHOOKS_SCHEMA, 'WEBHOOKS_SCHEMA');
