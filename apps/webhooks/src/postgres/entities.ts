import type { EntityClass } from '@sluice/postgres';
import { WebhookEntity } from '../webhooks/webhook.entity.js';

/** The tables whose rows are administered one by one. */
export const WEBHOOKS_ENTITIES: readonly EntityClass[] = [WebhookEntity];
