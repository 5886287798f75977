import { describeHistory } from '../conformance/warehouse-history.ts';
import { openTestWarehouse } from './open-test-warehouse.ts';

describeHistory('DuckDB', openTestWarehouse);
