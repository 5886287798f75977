import { describeWarehouse } from '../conformance/warehouse.ts';
import { openTestWarehouse } from './open-test-warehouse.ts';

describeWarehouse('DuckDB', openTestWarehouse);
