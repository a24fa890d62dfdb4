import { Injectable } from '@nestjs/common';
import { Inbox } from '@sluice/service-shell';

/** Paused addresses of our own wallet. */
@Injectable()
export class WalletInbox {
  constructor(inbox: Inbox) {
    inbox.add({ kind: 'paused_wallet', roles: ['operate', 'approve'], people: 2, sql: PAUSED });
  }
}

const PAUSED = `
  SELECT network || ':' || address AS id, 'The address ' || address || ' on ' || network || ' is paused: ' || paused_because AS title,
         account_id::text, coalesce(forgotten_at, created_at) AS since
    FROM lane WHERE paused_because IS NOT NULL ORDER BY network, address LIMIT $1`;
