import { Module } from '@nestjs/common';
import { ExampleAdminController } from './example.admin.controller.js';
import { Examples } from './examples.js';

@Module({ controllers: [ExampleAdminController], providers: [Examples] })
export class ExampleModule {}
