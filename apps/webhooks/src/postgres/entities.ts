import type { EntityClass } from '@sluice/postgres';
import { WebhookEntity } from '../webhooks/webhook.entity.js';

/** Tables with rows administered individually. */
export const WEBHOOKS_ENTITIES: readonly EntityClass[] = [WebhookEntity];
