import { describeSideBySide } from '../conformance/warehouse-side-by-side.ts';
import { openTestWarehouse } from './open-test-warehouse.ts';

describeSideBySide('DuckDB', openTestWarehouse);
