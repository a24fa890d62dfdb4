import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { HaltLifts } from '@sluice/service-shell';
import { BreakClosings } from '../breaks/breaks.js';
import { PermitWatch } from '../permits/permit-watch.js';

const CHANNEL = 'stored_change';

/** Wakes the checks of tables changed by other processes, also by a foreign writer. */
@Injectable()
export class StoredChanges implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    @Inject(HaltLifts) private readonly lifts: Pick<HaltLifts, 'whenEnded'>,
    @Inject(BreakClosings) private readonly closings: Pick<BreakClosings, 'whenEnded'>,
    @Inject(PermitWatch) private readonly permits: Pick<PermitWatch, 'whenStored'>,
  ) {}

  onApplicationBootstrap(): Promise<void> {
    const wakes = {
      halt: this.lifts.whenEnded(),
      break: this.closings.whenEnded(),
      auditor_permit: this.permits.whenStored(),
    };
    return this.database.listen(CHANNEL, (table) => {
      // no table: notifications may have been missed
      for (const [name, wake] of Object.entries(wakes)) if (table === '' || table === name) wake();
    });
  }
}
