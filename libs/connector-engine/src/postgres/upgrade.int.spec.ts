import { describeUpgrade } from '@sluice/upgrade-testing';
import { CONNECTOR_SCHEMA } from './schema.js';

describeUpgrade('a connector', CONNECTOR_SCHEMA, 'CONNECTOR_SCHEMA');
