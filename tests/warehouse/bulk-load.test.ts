import { describeBulkLoad } from '../conformance/warehouse-bulk-load.ts';
import { openTestWarehouse } from './open-test-warehouse.ts';

describeBulkLoad('DuckDB', openTestWarehouse);
