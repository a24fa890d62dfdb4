import { Module } from '@nestjs/common';
import { ExampleModule } from './example/example.module.js';

/** Puts the features together; each has a module of its own. */
@Module({ imports: [ExampleModule] })
export class AuditorModule {}
