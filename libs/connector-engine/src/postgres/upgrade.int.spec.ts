import { describeUpgrade } from '@sluice/postgres/testing';
import { CONNECTOR_SCHEMA } from './schema.js';

describeUpgrade('a connector', CONNECTOR_SCHEMA, 'CONNECTOR_SCHEMA');
