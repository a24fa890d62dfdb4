import { Controller, Get, Module, Post } from '@nestjs/common';
import { AdminController, Requires, ROLES } from '@sluice/http-api';
import { flag, port, readConfig, text } from '@sluice/runtime';
import { checkInvariants, PLATFORM_SCHEMA } from '@sluice/postgres';
import { SERVICE_RULES, SERVICE_SETTINGS } from '../settings/config.js';
import { startService } from '../start/start-service.js';

/** Minimal service, run by a test as a separate process. */
@Controller()
class TinyController {
  @Get('v1/hello')
  hello(): string {
    return 'hello';
  }

  @Get('v1/slow')
  async slow(): Promise<string> {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return 'done';
  }

  @Post('v1/unhandled')
  unhandled(): string {
    void Promise.reject(new Error('unhandled rejection of a test'));
    return 'soon';
  }
}

@AdminController('treasure')
class TreasureController {
  @Get()
  @Requires(...ROLES)
  treasure() {
    return { treasure: 'gold' };
  }
}

@Module({ controllers: [TinyController, TreasureController] })
class TinyModule {}

await startService(() => {
  const config = readConfig(
    process.env,
    {
      ...SERVICE_SETTINGS,
      internalPort: port('INTERNAL_PORT'),
      inner: flag('TINY_IS_INNER', false),
      /** Service name; determines the topics the service may write. `tiny` has no topics. */
      name: text('TINY_NAME', 'tiny'),
    },
    SERVICE_RULES,
  );
  return {
    name: config.name,
    config,
    schema: PLATFORM_SCHEMA,
    module: TinyModule,
    checkInvariants,
    ...(config.inner ? { publicPort: config.internalPort } : { internalPort: config.internalPort }),
  };
});
