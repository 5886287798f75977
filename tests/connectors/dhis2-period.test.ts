import { describe, expect, it } from 'vitest';
import { dhis2Period } from '../../connectors/dhis2/period.ts';

const read = (text: string) => {
  const period = dhis2Period(text);
  return period && [period.id, period.type, period.startsOn, period.endsOn, period.period];
};

describe('periods of DHIS2', () => {
  it.each([
    ['20260228', ['20260228', 'Daily', '2026-02-28', '2026-02-28', '2026-02-28']],
    ['201204', ['201204', 'Monthly', '2012-04-01', '2012-04-30', '2012-04']],
    ['2017-01', ['201701', 'Monthly', '2017-01-01', '2017-01-31', '2017-01']],
    ['202002', ['202002', 'Monthly', '2020-02-01', '2020-02-29', '2020-02']],
    ['202006B', ['202006B', 'BiMonthly', '2020-11-01', '2020-12-31', undefined]],
    ['2012Q1', ['2012Q1', 'Quarterly', '2012-01-01', '2012-03-31', '2012-Q1']],
    ['2012S2', ['2012S2', 'SixMonthly', '2012-07-01', '2012-12-31', '2012-H2']],
    ['2012AprilS2', ['2012AprilS2', 'SixMonthlyApril', '2012-10-01', '2013-03-31', undefined]],
    ['2018', ['2018', 'Yearly', '2018-01-01', '2018-12-31', '2018']],
    ['2018April', ['2018April', 'FinancialApril', '2018-04-01', '2019-03-31', undefined]],
    ['2018Oct', ['2018Oct', 'FinancialOct', '2018-10-01', '2019-09-30', undefined]],
    ['2012W5', ['2012W5', 'Weekly', '2012-01-30', '2012-02-05', '2012-W05']],
    ['2012W05', ['2012W5', 'Weekly', '2012-01-30', '2012-02-05', '2012-W05']],
    ['2020W53', ['2020W53', 'Weekly', '2020-12-28', '2021-01-03', '2020-W53']],
    ['2015WedW1', ['2015WedW1', 'WeeklyWednesday', '2014-12-31', '2015-01-06', undefined]],
    ['2026SunW1', ['2026SunW1', 'WeeklySunday', '2026-01-04', '2026-01-10', undefined]],
    ['2015BiW1', ['2015BiW1', 'BiWeekly', '2014-12-29', '2015-01-11', undefined]],
    ['2020-01-01/P1M', ['202001', 'Monthly', '2020-01-01', '2020-01-31', '2020-01']],
    ['2021-04-01/P3M', ['2021Q2', 'Quarterly', '2021-04-01', '2021-06-30', '2021-Q2']],
    ['2021-01-01/P1Y', ['2021', 'Yearly', '2021-01-01', '2021-12-31', '2021']],
    ['2020-12-28/P7D', ['2020W53', 'Weekly', '2020-12-28', '2021-01-03', '2020-W53']],
    ['2020-05-06/P1D', ['20200506', 'Daily', '2020-05-06', '2020-05-06', '2020-05-06']],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    '',
    '201213',
    '20260230',
    '2021W53',
    '2012W0',
    '2012Q5',
    '2012S3',
    '2012Nov',
    'LAST_12_MONTHS',
    '2020-02-01/P3M',
    '2020-01-02/P1M',
    '2020-12-29/P7D',
  ])('%s is no period', (text) => {
    expect(dhis2Period(text)).toBeUndefined();
  });
});
