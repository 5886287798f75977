import { describeHeadStarts } from '../conformance/warehouse-head-start.ts';
import { openTestWarehouse } from './open-test-warehouse.ts';

describeHeadStarts('DuckDB', openTestWarehouse);
